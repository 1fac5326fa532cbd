package caselist

func bad(n int) int {
	switch {
	case n == 1, n == 2: // want `a list of conditions in a case`
		return 1
	}
	switch true {
	case n == 3, n == 4: // want `a list of conditions in a case`
		return 2
	}
	return 3
}

func good(n int, x any) int {
	switch n {
	case 1, 2, 3:
		return 1
	}
	switch {
	case n == 1 || n == 2:
		return 2
	}
	switch x.(type) {
	case int, string:
		return 3
	}
	return 4
}
