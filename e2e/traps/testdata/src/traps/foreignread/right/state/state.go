package state

var level = 1

func Change() { level = 2 }

func Level() int { return level }
