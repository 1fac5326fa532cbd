package state

const Debug = false

var Verbose = false

var Long = length("x") > 3

func length(text string) int { return len(text) }
