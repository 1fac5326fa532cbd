// Package wrong: errors.As to an error type of ours.
package wrong

import (
	"errors"
	"fmt"
)

func Run() string {
	err := fmt.Errorf("outer: %w", fail(7))
	var f *failure
	if errors.As(err, &f) {
		return fmt.Sprint("code ", f.code)
	}
	return "not found"
}

type failure struct{ code int }

func (f *failure) Error() string { return "failure" }

func fail(code int) error { return &failure{code} }
