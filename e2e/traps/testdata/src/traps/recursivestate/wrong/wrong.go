// Package wrong: a function type whose result is of the same type.
package wrong

func Run() string {
	m := &machine{}
	for s := state(first); s != nil; {
		s = s(m)
	}
	return m.text
}

type machine struct{ text string }

type state func(m *machine) state

func first(m *machine) state {
	m.text += "a"
	return func(m *machine) state {
		m.text += "b"
		return nil
	}
}
