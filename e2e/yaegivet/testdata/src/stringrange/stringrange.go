package stringrange

func bad(s string) {
	for i := range s { // want `the index of a range over a string`
		_ = i
	}
	for i, r := range s { // want `the index of a range over a string`
		_, _ = i, r
	}
}

func good(s string, list []string) {
	for _, r := range s {
		_ = r
	}
	for i := range []rune(s) {
		_ = i
	}
	for i := range list {
		_ = i
	}
	for i := 0; i < len(s); i++ {
	}
	for range s {
	}
}
