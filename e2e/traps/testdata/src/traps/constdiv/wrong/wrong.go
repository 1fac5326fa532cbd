// Package wrong: an uneven division of constants added to a variable.
package wrong

import (
	"fmt"
)

func Run() string {
	n := 10
	n += 7 / 2
	return fmt.Sprint(n)
}
