package right

func Run() string {
	m := &machine{next: "first"}
	for m.next != "" {
		steps[m.next](m)
	}
	return m.text
}

type machine struct{ text, next string }

var steps = map[string]func(m *machine){"first": first, "second": second}

func first(m *machine) {
	m.text += "a"
	m.next = "second"
}

func second(m *machine) {
	m.text += "b"
	m.next = ""
}
