package right

import (
	"traps/vartuple/right/state"
)

func Run() string { return state.Show("own") }
