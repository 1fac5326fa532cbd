package right

func Run() string {
	var v any = &cat{"x"}
	c, ok := v.(*cat)
	if !ok {
		return "no speaker"
	}
	return c.speak()
}

type cat struct{ name string }

func (c *cat) speak() string { return c.name }
