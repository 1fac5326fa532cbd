// Package wrong: a constant that is a comparison.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint(isLarge) }

const size = 10

const isLarge = size > 5
