// Package fine: literals beside defers that do not reach them.
package fine

import (
	"sort"
	"strings"
	"sync"
)

func Run() string {
	list := &log{mu: &sync.Mutex{}}
	ordered(list)
	given(list, func() { list.add("given") })
	noted(list)
	inner(list)
	return strings.Join(list.lines, ",")
}

type log struct {
	mu    *sync.Mutex
	lines []string
}

func (l *log) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

// ordered lends its literal.
func ordered(list *log) {
	defer func() { list.add("sorted") }()
	words := []string{"b", "a"}
	sort.Slice(words, func(i, j int) bool { return words[i] < words[j] })
	list.add(words[0])
}

// given calls a literal of its caller.
func given(list *log, call func()) {
	defer func() { call() }()
	list.add("before")
}

type hook struct{ call func(line string) }

// noted keeps a literal, and calls it before the return.
func noted(list *log) {
	h := &hook{}
	h.call = func(line string) { list.add(line) }
	defer func() { list.add("end") }()
	h.call("noted")
}

// inner makes its literal in the deferred function.
func inner(list *log) {
	defer func() {
		each(func(line string) { list.add(line) })
	}()
	list.add("outer")
}

func each(call func(line string)) {
	call("i")
	call("j")
}
