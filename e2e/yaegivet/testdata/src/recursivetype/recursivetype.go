package recursivetype

type bad struct {
	name   string
	forget func(*bad)             // want `a bad inside itself by way of field forget`
	two    func(int) (*bad, bool) // want `by way of field two`
	hooks  []func(*bad)           // want `by way of field hooks`
	named  hook                   // want `by way of field named`
	inner  struct{ next *bad }    // want `by way of field inner`
	rows   []struct {             // want `by way of field rows`
		of *bad
	}
	a, b map[string]func(*bad) // want `by way of field a`
	hook                       // want `by way of field hook`
}

type hook func(*bad)

type far struct {
	name string
	list []func(*farther) // want `a far inside itself by way of field list`
	all  []hook
}

type farther struct {
	far  *far
	list []far
}

type state func() state // want `a state that is part of itself and no struct`

type list []list // want `a list that is part of itself`

type tree map[string]*tree // want `a tree that is part of itself`

type ping func(pong) // want `a ping that is part of itself`

type pong func(ping) // want `a pong that is part of itself`

type good struct {
	name   string
	next   *good
	kids   []*good
	byName map[string]*good
	wake   chan *good
	run    func(name string) error
	shown  shower
	owner  *owner
	rows   []row
	inner  struct{ name string }
	hooks  []hook
}

type shower interface {
	show(*good) shower
}

type owner struct {
	all  map[string]*good
	make func() *good
}

type row struct {
	name string
	of   func(*good)
}

type list2[T any] struct {
	next *list2[T]
	val  T
}

type steps func(*good)
