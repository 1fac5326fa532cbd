package right

func Run() string {
	n := &node{name: "x"}
	n.near.next = n
	return n.near.next.name
}

type node struct {
	name string
	near near
}

type near struct{ next *node }
