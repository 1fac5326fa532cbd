package right

import (
	"fmt"
)

func Run() string {
	p, err := point()
	return fmt.Sprint(p.x, err)
}

type place struct{ x int }

func point() (place, error) {
	p := place{x: 3}
	return p, nil
}
