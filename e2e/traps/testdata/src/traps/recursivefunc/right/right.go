package right

func Run() string {
	r := &registry{}
	w := &worker{name: "x"}
	w.forget = r.drop
	r.byName = map[string]*worker{"x": w}
	w.forget(w.name)
	return r.gone
}

type registry struct {
	gone   string
	byName map[string]*worker
}

func (r *registry) drop(name string) { r.gone = name }

type worker struct {
	name   string
	forget func(name string)
}
