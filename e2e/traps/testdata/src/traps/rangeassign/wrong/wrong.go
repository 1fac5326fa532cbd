// Package wrong: a range that assigns to variables outside.
package wrong

func Run() string {
	var last string
	show := func() string { return last }
	for _, last = range []string{"a", "b"} {
	}
	return show()
}
