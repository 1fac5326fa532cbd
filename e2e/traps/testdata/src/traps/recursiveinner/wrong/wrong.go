// Package wrong: a struct with itself in an unnamed struct.
package wrong

func Run() string {
	n := &node{name: "x"}
	n.near.next = n
	return n.near.next.name
}

type node struct {
	name string
	near struct{ next *node }
}
