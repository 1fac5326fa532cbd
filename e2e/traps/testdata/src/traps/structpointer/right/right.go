package right

func Run() string {
	p := place{}
	q := &p
	p.name = "x"
	return q.name
}

type place struct{ name string }
