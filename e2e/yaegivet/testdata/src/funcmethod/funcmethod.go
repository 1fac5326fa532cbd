package funcmethod

import "net/http"

type handler func(text string) string

func (h handler) serve(text string) string { return h(text) }

type server struct {
	h     handler
	std   http.HandlerFunc
	iface interface{ serve(text string) string }
	n     number
}

type number int

func (n number) next() int { return int(n) + 1 }

func bad(s *server, v server) {
	s.h.serve("x") // want `method serve of the function type handler on a field`
	v.h.serve("x") // want `method serve of the function type handler on a field`
	h := s.h
	h.serve("x") // want `method serve of the function type handler on a field`
}

func good(s *server, given handler, list []handler) {
	given.serve("x")
	list[0].serve("x")
	s.h("x")
	s.iface.serve("x")
	s.std.ServeHTTP(nil, nil)
	s.n.next()
	h := handler(func(text string) string { return text })
	h.serve("x")
}
