// Package wrong: a name in parentheses, behind an operator.
package wrong

import (
	"fmt"
)

func Run() string {
	return fmt.Sprint(open(false, true))
}

func open(closed, public bool) bool {
	return !(closed) && public
}
