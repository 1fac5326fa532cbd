package right

func Run() string {
	got := &result{}
	w := &worker{name: "x"}
	w.hooks = append(w.hooks, &note{got: got})
	w.hooks[0].see(w)
	return got.text
}

type result struct{ text string }

type hook interface{ see(o *worker) }

type note struct{ got *result }

func (n *note) see(o *worker) { n.got.text = o.name }

type worker struct {
	name  string
	hooks []hook
}
