// Package fine: Interfaces of ours with two implementations.
package fine

func Run() string {
	list := []speaker{newCat("x"), newDog("y")}
	text := ""
	for _, s := range list {
		text = text + s.speak()
	}
	c, ok := list[0].(*cat)
	if !ok {
		return "no cat"
	}
	return text + c.name
}

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return "cat " + c.name }

// dog has other fields than cat: an assertion tells types by their fields.
type dog struct {
	name string
	tail bool
}

func (d *dog) speak() string { return "dog " + d.name }

func newCat(name string) speaker { return &cat{name} }
func newDog(name string) speaker { return &dog{name: name} }
