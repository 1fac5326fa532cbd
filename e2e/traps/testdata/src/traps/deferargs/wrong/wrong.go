// Package wrong: a deferred call with an argument that changes.
package wrong

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
	defer b.WriteString(text)
	text = "second"
	b.WriteString(text + ",")
}
