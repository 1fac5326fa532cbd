package state

var list = []int{1, 2, 3}
