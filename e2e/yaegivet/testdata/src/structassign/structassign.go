package structassign

type place struct{ name string }

func bad() (place, string) {
	p := place{}
	func() { p = place{"x"} }() // want `a struct literal assigned to p`
	q := place{}
	r := &q
	q = place{"y"}  // want `a struct literal assigned to q`
	*r = place{"z"} // want `a struct literal assigned through a pointer`
	return p, r.name
}

func named() (p place) {
	p = place{"x"} // want `a struct literal assigned to p`
	return p
}

func good(list []place, m map[string]place) place {
	p := place{}
	p = place{"x"}
	q := &place{}
	q = &place{"y"}
	q.name = "z"
	list[0] = place{"a"}
	m["a"] = place{"b"}
	other := p
	func() { _ = other }()
	return p
}
