// Package wrong: a deferred call with a field that changes.
package wrong

import (
	"strings"
)

func Run() string {
	b := &strings.Builder{}
	write(b, &card{"first"})
	return b.String()
}

type card struct{ name string }

func write(b *strings.Builder, c *card) {
	defer b.WriteString(c.name)
	c.name = "second"
}
