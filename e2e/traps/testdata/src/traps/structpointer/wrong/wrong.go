// Package wrong: a struct literal assigned to a variable that a pointer points at.
package wrong

func Run() string {
	p := place{}
	q := &p
	p = place{name: "x"}
	return q.name
}

type place struct{ name string }
