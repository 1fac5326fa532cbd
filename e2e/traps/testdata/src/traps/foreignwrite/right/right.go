package right

import (
	"traps/foreignwrite/right/state"
)

func Run() string {
	state.SetList([]string{"x"})
	return state.Show()
}
