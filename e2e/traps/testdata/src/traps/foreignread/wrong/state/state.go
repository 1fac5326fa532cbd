package state

var Level = 1

func Change() { Level = 2 }
