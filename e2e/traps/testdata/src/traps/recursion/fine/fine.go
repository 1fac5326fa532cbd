// Package fine: types that contain themselves without a function.
package fine

func Run() string {
	n := &node{name: "x", byName: map[string]*node{}}
	n.next = n
	n.all = append(n.all, n)
	n.byName["x"] = n
	n.shown = n
	t := &tree{root: n, rows: []row{{name: "y", of: func(t *tree) string { return t.root.name }}}}
	return n.next.all[0].byName["x"].shown.show() + t.rows[0].of(t)
}

type shower interface{ show() string }

type node struct {
	name   string
	next   *node
	all    []*node
	byName map[string]*node
	shown  shower
}

func (n *node) show() string { return n.name }

type tree struct {
	root *node
	rows []row
}

type row struct {
	name string
	of   func(t *tree) string
}
