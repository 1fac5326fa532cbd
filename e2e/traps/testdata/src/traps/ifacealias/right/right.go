package right

func Run() string {
	c := &cat{"first"}
	var s speaker = c
	other := &cat{"second"}
	return s.speak() + other.speak()
}

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return c.name }
