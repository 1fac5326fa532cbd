// Package wrong: another package's constant and variable as conditions.
package wrong

import (
	"traps/foreigncond/wrong/state"
)

func Run() string { return clause() + condition() }

func clause() string {
	switch {
	case state.Debug:
		return "const"
	}
	return "none"
}

func condition() string {
	if state.Long {
		return "var"
	}
	return "none"
}
