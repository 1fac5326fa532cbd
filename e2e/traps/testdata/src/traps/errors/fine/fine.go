// Package fine: sentinels, wrapping, and errors of the standard library.
package fine

import (
	"errors"
	"fmt"
	"io"
	"net/url"
)

func Run() string {
	err := fmt.Errorf("outer: %w", fmt.Errorf("inner: %w", errGone))
	_, parse := url.Parse("http://[::1")
	var target *url.Error
	found := errors.As(fmt.Errorf("more: %w", parse), &target)
	if !found {
		return "not found"
	}
	return fmt.Sprint(errors.Is(err, errGone), errors.Is(err, io.EOF), target.Op, err == nil)
}

var errGone = errors.New("gone")
