// Package wrong: a local closure called by defer.
package wrong

import (
	"strings"
)

func Run() string { return strings.Join(steps(), ",") }

func steps() []string {
	list := &log{}
	done := func() { list.lines = append(list.lines, "done") }
	work(done, list)
	return list.lines
}

type log struct{ lines []string }

func work(other func(), list *log) {
	finish := func() { list.lines = append(list.lines, "finish") }
	defer finish()
	list.lines = append(list.lines, "work")
}
