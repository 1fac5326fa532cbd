// Package wrong: a number with a String method under %d.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprintf("%d", Level(3)) }

type Level int

func (l Level) String() string { return "level" }
