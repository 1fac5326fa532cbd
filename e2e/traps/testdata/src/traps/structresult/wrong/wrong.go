// Package wrong: a struct literal assigned to a named result.
package wrong

import (
	"fmt"
)

func Run() string {
	p, err := point()
	return fmt.Sprint(p.x, err)
}

type place struct{ x int }

func point() (p place, err error) {
	p = place{x: 3}
	return p, nil
}
