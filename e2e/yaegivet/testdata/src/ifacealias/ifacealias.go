package ifacealias

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return c.name }

type box struct{ s speaker }

func bad() (speaker, *box) {
	c := &cat{"first"}
	var s speaker = c // want `c becomes a`
	b := &box{s: c}   // want `c becomes a`
	c = &cat{"second"}
	return s, b
}

func good() speaker {
	c := &cat{"first"}
	c = &cat{"before"}
	var s speaker = c
	d := &cat{"second"}
	d.name = c.name
	return s
}
