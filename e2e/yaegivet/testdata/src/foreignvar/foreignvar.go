package foreignvar

import (
	"foreignvar/state"
)

func bad() int {
	state.List = []string{"a"}              // want `an expression assigned to List`
	state.List = append(state.List, "a")    // want `an expression assigned to List`
	state.Map = make(map[string]int)        // want `an expression assigned to Map`
	state.Count = len("abc" + state.Name()) // want `an expression assigned to Count`
	state.Count, state.Err = state.Two()    // want `a call's result assigned to Count` `a call's result assigned to Err`
	return state.Level                      // want `Level began as a literal and changes`
}

func good() int {
	local := []string{"a"}
	state.List = local
	state.Count = 3
	state.Count++
	state.Func = func() {}
	state.SetLevel(3)
	if state.Err == state.ErrGone {
		return state.Fixed
	}
	return state.GetLevel() + len(state.Table) + len(state.List)
}
