package promoted

import (
	"net/http"
)

type store interface{ get() string }

type memory struct{}

func (m *memory) get() string { return "" }

type logged struct {
	store
	n int
}

type deeper struct{ *logged }

func take(s store) {}

func bad(l *logged, d *deeper) string {
	var s store = l // want `get of this promoted.store is promoted`
	take(l)         // want `get of this promoted.store is promoted`
	_ = s
	return l.get() + // want `get is promoted`
		d.get() // want `get is promoted`
}

type named struct{ inner store }

func (n *named) get() string { return n.inner.get() }

type own struct{ store }

func (o *own) get() string { return o.store.get() }

type writer struct{ http.ResponseWriter }

func good(l *logged, n *named, o *own, w *writer) string {
	take(n)
	take(o)
	w.Header()
	return l.store.get() + o.get() + n.get()
}
