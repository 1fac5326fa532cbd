// Package wrong: a comparison returned as an empty interface.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint(same(1, 1)) }

func same(a, b int) any { return a == b }
