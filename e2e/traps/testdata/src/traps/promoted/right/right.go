package right

func Run() string {
	l := &logged{store: &memory{}}
	return l.store.get()
}

type store interface{ get() string }

type memory struct{}

func (m *memory) get() string { return "got" }

type logged struct {
	store
	n int
}
