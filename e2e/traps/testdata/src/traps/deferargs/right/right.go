package right

import (
	"strings"
)

func Run() string {
	b := &strings.Builder{}
	write(b)
	return b.String()
}

func write(b *strings.Builder) {
	text := "first"
	defer func() { b.WriteString(text) }()
	other := "second"
	b.WriteString(other + ",")
}
