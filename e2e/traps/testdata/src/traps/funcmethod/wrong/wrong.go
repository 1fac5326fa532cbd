// Package wrong: a method of a function type, called on a field.
package wrong

import "strings"

func Run() string {
	s := &server{h: strings.ToUpper}
	return s.h.serve("x")
}

type handler func(text string) string

func (h handler) serve(text string) string { return h(text) }

type server struct{ h handler }
