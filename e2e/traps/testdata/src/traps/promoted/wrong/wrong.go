// Package wrong: a method promoted from an embedded interface of ours.
package wrong

func Run() string {
	l := &logged{store: &memory{}}
	return l.get()
}

type store interface{ get() string }

type memory struct{}

func (m *memory) get() string { return "got" }

type logged struct {
	store
	n int
}
