// Package wrong: a struct with a slice of functions of itself.
package wrong

func Run() string {
	got := &result{}
	w := &worker{name: "x"}
	w.hooks = append(w.hooks, func(o *worker) { got.text = o.name })
	w.hooks[0](w)
	return got.text
}

type result struct{ text string }

type worker struct {
	name  string
	hooks []func(*worker)
}
