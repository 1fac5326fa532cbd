// Package wrong: the builtins min, max and clear.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint(min(1, 2)) }
