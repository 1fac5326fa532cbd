package ifaceliteral

type speaker interface{ speak() string }

type cat struct{ name string }

func (c cat) speak() string { return c.name }

type box struct{ s speaker }

func bad(b *box, m map[string]speaker, l []speaker, p *speaker) {
	b.s = cat{"x"}    // want `a struct literal put into`
	m["a"] = cat{"x"} // want `a struct literal put into`
	l[0] = cat{"x"}   // want `a struct literal put into`
	*p = cat{"x"}     // want `a struct literal put into`
}

func good(b *box, l []cat) speaker {
	b.s = &cat{"x"}
	l[0] = cat{"x"}
	c := &box{s: cat{"y"}}
	_ = c
	var s speaker = cat{"z"}
	return s
}
