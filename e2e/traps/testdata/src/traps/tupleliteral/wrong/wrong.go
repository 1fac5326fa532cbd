// Package wrong: a composite literal as one of two values.
package wrong

import (
	"fmt"
)

func Run() string {
	name, list := "x", []string{"y"}
	return fmt.Sprint(name, list)
}
