// Package wrong: a sum behind a first result of an interface type of ours.
package wrong

import (
	"fmt"
)

func Run() string {
	s, n := pick(1)
	return fmt.Sprint(s.speak(), n)
}

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return c.name }

func pick(n int) (speaker, int) { return &cat{"x"}, n + 1 }
