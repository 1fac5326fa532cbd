// Package wrong: String of the elements of a slice.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint([]label{{"x"}}) }

type label struct{ text string }

func (l label) String() string { return "<" + l.text + ">" }
