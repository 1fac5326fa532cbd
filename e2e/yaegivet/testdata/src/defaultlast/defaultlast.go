package defaultlast

func bad(n int) int {
	switch {
	default: // want `a default before a case`
		return 1
	case n > 2:
		return 2
	}
	switch n {
	case 1:
		return 1
	default: // want `a default before a case`
		return 3
	case 2:
		return 2
	}
}

func good(n int, x any) int {
	switch n {
	case 1:
		return 1
	default:
		return 3
	}
	switch x.(type) {
	default:
		return 4
	case int:
		return 5
	}
}
