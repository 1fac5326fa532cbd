package right

import (
	"traps/constbelow/right/state"
)

func Run() string { return state.Show() }
