package state

const Debug = false

var Verbose = false

var Unset bool // want Unset:"computed"

var Long = length("a") > 3 // want Long:"computed"

var Set struct{ On bool }

func length(text string) int { return len(text) }

func On() bool { return Set.On }
