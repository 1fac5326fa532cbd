// Package wrong: the same with a variable in a later file of an imported package.
package wrong

import (
	"traps/laterfile/wrong/state"
)

func Run() string { return state.Show() }
