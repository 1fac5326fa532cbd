// Package wrong: errors of a type of ours compared.
package wrong

import (
	"fmt"
)

func Run() string {
	return fmt.Sprint(get() == errGone)
}

type failure struct{ text string }

func (f *failure) Error() string { return f.text }

var errGone error = &failure{"gone"}

func get() error { return errGone }
