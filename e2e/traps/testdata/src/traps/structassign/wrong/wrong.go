// Package wrong: a struct literal assigned to a captured variable.
package wrong

func Run() string {
	p := place{}
	func() { p = place{name: "x"} }()
	return p.name
}

type place struct{ name string }
