// Package wrong: two package variables set by one call.
package wrong

import (
	"traps/vartuple/wrong/state"
)

func Run() string { return state.Show("own") }
