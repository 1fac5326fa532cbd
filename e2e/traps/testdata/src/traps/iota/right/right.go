package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(isSecond(Second)) }

type Place int

const (
	None Place = iota
	First
	Second
)

func isSecond(p Place) bool { return p == Second }
