package right

func Run() string {
	speak := func(c cat, more string) string { return c.speak(more) }
	return speak(cat{"x"}, "y")
}

type cat struct{ name string }

func (c cat) speak(more string) string { return c.name + more }
