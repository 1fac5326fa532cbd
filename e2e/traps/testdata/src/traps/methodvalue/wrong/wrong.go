// Package wrong: method values kept in a loop.
package wrong

func Run() string {
	var list []func() string
	for _, name := range []string{"a", "b"} {
		p := &person{name}
		list = append(list, p.hello)
	}
	return list[0]() + list[1]()
}

type person struct{ name string }

func (p *person) hello() string { return p.name }
