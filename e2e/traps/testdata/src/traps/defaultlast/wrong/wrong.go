// Package wrong: a default before the cases of a switch without a tag.
package wrong

func Run() string { return size(9) + "," + size(3) + "," + size(1) }

func size(n int) string {
	switch {
	default:
		return "small"
	case n > 5:
		return "large"
	case n > 2:
		return "middle"
	}
}
