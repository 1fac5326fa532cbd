package caselabel

func bad(n int, c chan int) {
	switch n {
	case 1:
	outer: // want `label outer inside a case`
		for {
			break outer
		}
	}
}

func good(n int) {
outer:
	for {
		switch n {
		case 1:
			break outer
		case 2:
			func() {
			inner:
				for {
					break inner
				}
			}()
		}
	}
}
