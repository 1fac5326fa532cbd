// Package wrong: a variadic function in a field.
package wrong

import (
	"fmt"
)

func Run() string {
	e := &env{}
	e.join = func(first string, more ...any) string { return first + fmt.Sprint(more...) }
	return e.join("a", 1, 2)
}

type env struct {
	join func(first string, more ...any) string
}
