package right

func Run() string { return find(1) }

func find(n int) string {
	switch n {
	case 1:
		search()
		return "one"
	}
	return "other"
}

func search() {
outer:
	for i := 0; i < 3; i++ {
		for j := 0; j < 3; j++ {
			if i+j == 3 {
				break outer
			}
		}
	}
}
