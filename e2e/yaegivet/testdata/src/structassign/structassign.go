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

var shared, alone place

var kept *place

func (p *place) keep()        { kept = p }
func (p *place) rename()      { p.name = "r" }
func (p *place) self() *place { return p }

func pointedAt() string {
	p := &shared
	shared = place{"x"} // want `a struct literal assigned to shared`
	own := place{}
	own.keep()
	own = place{"y"} // want `a struct literal assigned to own`
	return p.name
}

func pointedAtLater() *place {
	alone = place{"x"}
	own := place{}
	own.rename()
	own.self().rename()
	own = place{"y"}
	own.keep()
	return &alone
}
