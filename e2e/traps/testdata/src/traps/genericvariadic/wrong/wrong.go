// Package wrong: a generic function with a variadic parameter.
package wrong

import (
	"fmt"
)

func Run() string { return join(1, 2) }

func join[T any](list ...T) string { return fmt.Sprint(list) }
