// Package wrong: an interface made of a variable that is assigned again.
package wrong

func Run() string {
	c := &cat{"first"}
	var s speaker = c
	c = &cat{"second"}
	return s.speak() + c.speak()
}

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return c.name }
