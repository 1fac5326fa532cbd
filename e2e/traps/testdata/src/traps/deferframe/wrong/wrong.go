// Package wrong: a deferred call reaches a literal that the same function made.
package wrong

import "strings"

func Run() string {
	list := &log{}
	work(list)
	return strings.Join(list.lines, ",")
}

type log struct{ lines []string }

type writer struct{ flush func() }

func newWriter(flush func()) *writer { return &writer{flush: flush} }

func (w *writer) finish() { w.flush() }

func work(list *log) {
	w := newWriter(func() { list.lines = append(list.lines, "flush") })
	defer func() { w.finish() }()
	list.lines = append(list.lines, "work")
}
