// Package wrong: slices.Sort, which the interpreter does not have.
package wrong

import (
	"fmt"
	"slices"
)

func Run() string {
	list := []int{2, 1}
	slices.Sort(list)
	return fmt.Sprint(list)
}
