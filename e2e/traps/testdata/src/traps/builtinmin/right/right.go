package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(least(1, 2)) }

func least(a, b int) int {
	if a < b {
		return a
	}
	return b
}
