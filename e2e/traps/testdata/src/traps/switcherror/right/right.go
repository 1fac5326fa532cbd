package right

import (
	"errors"
)

func Run() string {
	return kind(nil, errors.New("x")) + "," + kind("y", nil)
}

func kind(v any, err error) string {
	if err != nil {
		return "error " + err.Error()
	}
	switch x := v.(type) {
	case string:
		return "text " + x
	}
	return "unknown"
}
