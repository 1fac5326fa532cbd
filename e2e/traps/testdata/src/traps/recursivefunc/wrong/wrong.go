// Package wrong: a struct with a function of itself, inside another struct.
package wrong

func Run() string {
	r := &registry{}
	w := &worker{name: "x"}
	w.forget = r.drop
	r.byName = map[string]*worker{"x": w}
	w.forget(w)
	return r.gone
}

type registry struct {
	gone   string
	byName map[string]*worker
}

func (r *registry) drop(w *worker) { r.gone = w.name }

type worker struct {
	name   string
	forget func(*worker)
}
