package right

func Run() string {
	var list []speaker
	for _, name := range []string{"a", "b"} {
		list = append(list, newCat(name))
	}
	return list[0].speak() + list[1].speak()
}

func newCat(name string) speaker { return &cat{name} }

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return c.name }
