// Package wrong: Interfaces made of concrete values in a loop.
package wrong

func Run() string {
	var list []speaker
	for _, name := range []string{"a", "b"} {
		list = append(list, &cat{name})
	}
	return list[0].speak() + list[1].speak()
}

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return c.name }
