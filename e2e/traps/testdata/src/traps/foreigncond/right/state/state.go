package state

const debug = false

var long = length("x") > 3

func length(text string) int { return len(text) }

func Debug() bool { return debug }

func Long() bool { return long }
