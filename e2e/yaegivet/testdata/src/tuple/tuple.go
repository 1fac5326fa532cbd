package tuple

func bad(s string) {
	a, b := s, []string{"x"}    // want `a composite literal among several values`
	c, d := map[string]int{}, 1 // want `a composite literal among several values`
	var err error
	a, err = s, nil                  // want `nil among several values`
	var e, f = 1, struct{ n int }{2} // want `a composite literal among several values`
	_, _, _, _, _, _, _ = a, b, c, d, e, f, err
}

func good(s string) (string, error) {
	a, b := s, 1
	c, g := b, &struct{ n int }{1}
	_, _, _ = a, c, g
	d, e := 1, 2
	d, e = e, d
	v, err := two()
	_, _ = v, err
	var f, h = 1, 2
	_, _ = f, h
	return "", nil
}

func two() (string, error) { return "", nil }

func calls(s string, l []int, m map[string]int) {
	a, b := "", 0
	var all []int
	a, all = "a", append([]int{}, 1)   // want `a call among several values`
	a, b = s, len(s)                   // want `a call among several values`
	b, a = number(), s                 // want `a call among several values`
	a, b, all = s, number(), append(l) // want `a call among several values`
	_, _, _ = a, b, all
}

func callsAlone(s string, m map[string]int) {
	a, b := s, number()
	b, c := number(), len(s)
	c, b = number(), len(s)
	a, d := "x", string(s)
	a, d = "y", string(s)
	c, b = b, number()+1
	_, b = a, number()
	m["a"], m["b"] = b, number()
	_, _, _ = a, c, d
}

func number() int { return 1 }
