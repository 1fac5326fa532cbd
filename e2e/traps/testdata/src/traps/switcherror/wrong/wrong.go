// Package wrong: a type switch with an interface.
package wrong

import (
	"errors"
)

func Run() string {
	return kind(errors.New("x")) + "," + kind("y")
}

func kind(v any) string {
	switch x := v.(type) {
	case error:
		return "error " + x.Error()
	case string:
		return "text " + x
	}
	return "unknown"
}
