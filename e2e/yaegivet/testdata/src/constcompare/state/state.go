package state

type Number int

const Other Number = 1 + 2 // want Other:"by expression"

const Plain Number = 3
