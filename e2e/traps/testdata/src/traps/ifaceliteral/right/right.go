package right

func Run() string {
	b := &box{}
	b.inside = &cat{"x"}
	return b.inside.speak()
}

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return c.name }

type box struct{ inside speaker }
