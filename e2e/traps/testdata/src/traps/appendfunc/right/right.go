// Package right: the function in the row of a table.
package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(table[0].f(3)) }

type row struct {
	name string
	f    func(n int) int
}

var table = []row{{"double", double}}

func double(n int) int { return n * 2 }
