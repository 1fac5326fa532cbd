// Package wrong: errors.Is through an Unwrap of ours.
package wrong

import (
	"errors"
	"fmt"
	"io"
)

func Run() string {
	var err error = &wrapped{io.EOF}
	return fmt.Sprint(errors.Is(err, io.EOF))
}

type wrapped struct{ err error }

func (w *wrapped) Error() string { return "wrapped" }
func (w *wrapped) Unwrap() error { return w.err }
