// Package right: functions of the other package.
package right

import (
	"traps/foreigncond/right/state"
)

func Run() string { return clause() + condition() }

func clause() string {
	switch {
	case state.Debug():
		return "const"
	}
	return "none"
}

func condition() string {
	if state.Long() {
		return "var"
	}
	return "none"
}
