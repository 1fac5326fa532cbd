// Package wrong: a constant of iota + 1 compared with a variable.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint(isSecond(Second)) }

type Place int

const (
	First Place = iota + 1
	Second
)

func isSecond(p Place) bool { return p == Second }
