package receive

type box struct {
	n    int
	list [2]int
}

func bad(c chan int, d chan box, b *box, m map[string]int, l []int) int {
	b.n = <-c    // want `a receive into something else`
	m["a"] = <-c // want `a receive into something else`
	l[0] = <-c   // want `a receive into something else`
	var v int
	func() { v = <-c }() // want `a receive into v, which a function literal uses`
	w := <-c             // want `w is received, and changed later`
	w += 2
	x := <-c // want `x is received, and changed later`
	p := &x
	y := <-d // want `y is received, and changed later`
	y.n = 3
	_, _, _ = v, w, p
	return <-c // want `return of a receive`
}

func good(c chan int, d chan *box) int {
	v := <-c
	w := v + 1
	w += 2
	x, ok := <-c
	x += 2
	var plain int
	plain = <-c
	b := <-d
	b.n = 3
	<-c
	_ = <-c
	f := func() int { return v }
	if ok {
		return f() + x + plain
	}
	for n := range c {
		w += n
	}
	return w
}

type counter struct {
	n     int
	inner inner
	far   *inner
}

type inner struct{ n int }

func (c *counter) inc()    { c.n++ }
func (c counter) get() int { return c.n }
func (i *inner) inc()      { i.n++ }

func methods(c chan counter) {
	v := <-c // want `v is received, and changed later`
	v.inc()
	w := <-c // want `w is received, and changed later`
	w.inner.inc()
}

func rightMethods(c chan counter, d chan *counter) int {
	v := <-c
	v.far.inc()
	p := <-d
	p.inc()
	p.inner.inc()
	w, ok := <-c
	w.inc()
	if ok {
		return w.get()
	}
	return v.get()
}
