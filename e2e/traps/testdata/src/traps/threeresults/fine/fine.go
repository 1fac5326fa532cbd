// Package fine: three results passed on, none of them by a builtin.
package fine

import (
	"fmt"
)

func Run() string { return join(three("a")) }

func three(text string) (string, string, int) {
	size := len(text)
	return text, "b", size
}

func join(a, b string, n int) string { return fmt.Sprint(a, b, n) }
