package right

import "strings"

func Run() string {
	s := &server{h: handler(strings.ToUpper)}
	return s.h.serve("x")
}

type server struct {
	h interface{ serve(text string) string }
}

type handler func(text string) string

func (h handler) serve(text string) string { return h(text) }
