// Package wrong: a literal assigned to another package's variable.
package wrong

import (
	"traps/foreignwrite/wrong/state"
)

func Run() string {
	state.List = []string{"x"}
	return state.Show()
}
