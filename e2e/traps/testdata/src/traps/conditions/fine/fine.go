// Package fine: conditions that the interpreter branches on.
package fine

import (
	"traps/conditions/fine/state"
)

const debug = false

func Run() string {
	return parentheses(false, false) + not(false, false) + right(false, false) + names()
}

func parentheses(value interface{}, set flag) string {
	switch {
	case (value.(bool)):
		return "assertion"
	case (bool(set)):
		return "conversion"
	}
	if (value.(bool)) && asked() {
		return "left"
	}
	if !((bool(set)) || asked()) {
		return "right"
	}
	return "a"
}

func not(value interface{}, set flag) string {
	if !value.(bool) && !bool(set) {
		return "b"
	}
	return "not"
}

func right(value interface{}, set flag) string {
	ok := true
	if ok && value.(bool) || debug || bool(set) {
		return "right"
	}
	v, given := value.(bool)
	if given && !v {
		return "c"
	}
	return "not given"
}

func names() string {
	if debug || state.Debug {
		return "constants"
	}
	if state.Debug {
		return "constant"
	}
	for state.Verbose {
		return "variable"
	}
	if (state.Long) || debug {
		return "variable"
	}
	switch {
	case debug:
		return "constant"
	case !state.Long:
		return "d"
	}
	return "none"
}

func asked() bool { return true }

type flag bool
