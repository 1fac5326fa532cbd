package right

import (
	"strings"
)

func Run() string { return strings.Join(steps(), ",") }

func steps() []string {
	list := &log{}
	work(list)
	return list.lines
}

type log struct{ lines []string }

func work(list *log) {
	defer func() { list.lines = append(list.lines, "finish") }()
	list.lines = append(list.lines, "work")
}
