package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(pick()(3)) }

func double(n int) int { return n * 2 }

func pick() func(n int) int {
	return func(n int) int { return double(n) }
}
