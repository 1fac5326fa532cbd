// Package wrong: a typed constant of an expression as a key.
package wrong

func Run() string { return names[Key] }

const Key string = "a" + "b"

var names = map[string]string{"ab": "found"}
