// Package right: no parentheses.
package right

import (
	"fmt"
)

func Run() string {
	return fmt.Sprint(open(false, true))
}

func open(closed, public bool) bool {
	return !closed && public
}
