// Package wrong: two interfaces with equal structs compared.
package wrong

import (
	"fmt"
)

func Run() string {
	var a speaker = cat{"x"}
	var b speaker = cat{"x"}
	return fmt.Sprint(a == b)
}

type speaker interface{ speak() string }

type cat struct{ name string }

func (c cat) speak() string { return c.name }
