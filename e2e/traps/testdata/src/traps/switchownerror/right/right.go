package right

import (
	"errors"
)

func Run() string { return kind(errFailure, "x") }

var errFailure = errors.New("failure")

func kind(err error, text string) string {
	if errors.Is(err, errFailure) {
		return "failure " + text
	}
	return "other"
}
