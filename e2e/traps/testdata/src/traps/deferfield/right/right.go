package right

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
	before := c.name
	defer func() { b.WriteString(before) }()
	c.name = "second"
}
