package right

import (
	"errors"
	"fmt"
)

func Run() string {
	o := try(7)
	if errors.Is(o.err, errFailure) {
		return fmt.Sprint("code ", o.code)
	}
	return "not found"
}

var errFailure = errors.New("failure")

type outcome struct {
	err  error
	code int
}

func try(code int) *outcome {
	return &outcome{err: fmt.Errorf("outer: %w", errFailure), code: code}
}
