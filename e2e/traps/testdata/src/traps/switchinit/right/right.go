package right

func Run() string {
	n := size() + 1
	switch n {
	case 4:
		return "four"
	}
	return "none"
}

func size() int { return 3 }
