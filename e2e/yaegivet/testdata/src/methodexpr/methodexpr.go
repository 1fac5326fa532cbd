package methodexpr

type cat struct{ name string }

func (c cat) speak() string { return c.name }

func bad() func(c cat) string {
	f := cat.speak // want `method expression`
	return f
}

func good(c cat) string {
	f := func(c cat) string { return c.speak() }
	g := c.speak
	return f(c) + g()
}
