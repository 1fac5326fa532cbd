package right

func Run() string {
	var list []func() string
	for _, name := range []string{"a", "b"} {
		list = append(list, greeter(name))
	}
	return list[0]() + list[1]()
}

type person struct{ name string }

func (p *person) hello() string { return p.name }

func greeter(name string) func() string {
	p := &person{name}
	return func() string { return p.hello() }
}
