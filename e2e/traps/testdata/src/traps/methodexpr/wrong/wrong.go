// Package wrong: a method expression.
package wrong

func Run() string {
	speak := cat.speak
	return speak(cat{"x"}, "y")
}

type cat struct{ name string }

func (c cat) speak(more string) string { return c.name + more }
