package state

type User struct{ Name string }

const Name = "x"

func Known(u *User) bool { return u.Name == "x" }
