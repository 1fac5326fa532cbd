// Package wrong: a package level function appended to a list.
package wrong

import (
	"fmt"
)

func Run() string {
	var list []func(n int) int
	list = append(list, double)
	return fmt.Sprint(list[0](3))
}

func double(n int) int { return n * 2 }
