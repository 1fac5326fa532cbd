// Package fine: several values at once, without literals.
package fine

import (
	"fmt"
)

func Run() string {
	a, b := "x", 1
	p, c := &place{"y"}, b+1
	d, e := "1", "2"
	d, e = e, d
	return fmt.Sprint(a, b, p.name, c, d, e)
}

type place struct{ name string }
