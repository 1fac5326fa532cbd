// Package wrong: untyped integer constants divided into a float.
package wrong

import (
	"fmt"
)

func Run() string {
	var half float64 = 7 / 2
	return fmt.Sprint(half)
}
