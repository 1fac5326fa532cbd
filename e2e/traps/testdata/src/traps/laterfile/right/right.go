package right

import (
	"traps/laterfile/right/state"
)

func Run() string { return state.Show() }
