package right

import (
	"fmt"
)

func Run() string {
	n := 0
	for i := 0; i < 3; i++ {
		n = n + i
	}
	return fmt.Sprint(n)
}
