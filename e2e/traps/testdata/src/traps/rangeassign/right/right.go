package right

func Run() string {
	var last string
	show := func() string { return last }
	for _, name := range []string{"a", "b"} {
		last = name
	}
	return show()
}
