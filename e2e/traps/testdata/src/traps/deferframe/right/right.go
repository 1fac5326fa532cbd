package right

import "strings"

func Run() string {
	list := &log{}
	work(list)
	return strings.Join(list.lines, ",")
}

type log struct{ lines []string }

type writer struct{ flush func() }

func newWriter(list *log) *writer {
	return &writer{flush: func() { list.lines = append(list.lines, "flush") }}
}

func (w *writer) finish() { w.flush() }

func work(list *log) {
	w := newWriter(list)
	defer func() { w.finish() }()
	list.lines = append(list.lines, "work")
}
