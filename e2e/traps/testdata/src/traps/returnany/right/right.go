package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(same(1, 1)) }

func same(a, b int) any {
	is := a == b
	return is
}
