// Package wrong: a range over an integer.
package wrong

import (
	"fmt"
)

func Run() string {
	n := 0
	for i := range 3 {
		n = n + i
	}
	return fmt.Sprint(n)
}
