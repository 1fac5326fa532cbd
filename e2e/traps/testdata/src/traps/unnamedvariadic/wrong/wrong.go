// Package wrong: parameters without names, the last one variadic.
package wrong

func Run() string { return name("x", 1, 2) }

func name(string, ...int) string { return "name" }
