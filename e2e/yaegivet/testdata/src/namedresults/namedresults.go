package namedresults

func bad() (n int, err error) { // want `named results`
	return 1, nil
}

var literal = func() (n int) { return 1 } // want `named results`

func good(f func() (n int, err error)) (int, error) { return f() }

type doer interface {
	do() (n int, err error)
}

func blank() (_ int, _ error) { return 1, nil }
