package ownerror

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
)

type failure struct{ text string }

func (f *failure) Error() string { return f.text } // want `an error type of ours`

type embedding struct{ error }

func bad(err error) error {
	var f *failure
	if errors.As(err, &f) { // want `errors.As to a type of ours`
		return f
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) { // want `errors.As to a type of ours`
		return nil
	}
	return &embedding{err} // want `a embedding as an error`
}

var errGone = errors.New("gone")

type outcome struct {
	err  error
	kind int
}

func good(err error) error {
	var target *url.Error
	if errors.As(err, &target) {
		return target
	}
	var temporary net.Error
	if errors.As(err, &temporary) {
		return nil
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op
	}
	if errors.Is(err, errGone) || errors.Is(err, io.EOF) || err == io.EOF {
		return fmt.Errorf("more: %w", err)
	}
	return errors.Join(err, errGone)
}

// Error with other parameters makes no error.
func (o *outcome) Error(n int) string { return "" }
