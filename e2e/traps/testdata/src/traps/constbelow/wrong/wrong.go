// Package wrong: a package variable that computes with a constant below it.
package wrong

import (
	"traps/constbelow/wrong/state"
)

func Run() string { return state.Show() }
