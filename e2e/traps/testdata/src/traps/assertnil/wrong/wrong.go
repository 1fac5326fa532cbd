// Package wrong: nil asserted to an interface.
package wrong

import (
	"fmt"
)

func Run() string {
	var v any
	_, ok := v.(error)
	return fmt.Sprint(ok)
}
