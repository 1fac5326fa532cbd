package right

func Run() string {
	a, b := swapped()
	return a + b
}

func swapped() (string, string) {
	a := "1"
	b := "2"
	return b, a
}
