package right

func Run() string { return name(1) }

func name(v int) string {
	switch v {
	case 1:
		return "one"
	case 2:
		return "two"
	}
	return "none"
}
