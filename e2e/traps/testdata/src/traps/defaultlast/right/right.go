package right

func Run() string { return size(9) + "," + size(3) + "," + size(1) }

func size(n int) string {
	switch {
	case n > 5:
		return "large"
	case n > 2:
		return "middle"
	default:
		return "small"
	}
}
