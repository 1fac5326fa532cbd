// Package wrong: an error of a type of ours wrapped.
package wrong

import (
	"fmt"
)

func Run() string {
	return fmt.Errorf("outer: %w", &failure{"inner"}).Error()
}

type failure struct{ text string }

func (f *failure) Error() string { return f.text }
