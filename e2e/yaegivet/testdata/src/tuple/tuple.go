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
