// Package fine: a package table of structs with functions in them.
package fine

import (
	"fmt"
)

func Run() string {
	row := find("double")
	if row == nil {
		return "none"
	}
	return fmt.Sprint(row.f(4))
}

type entry struct {
	name string
	f    func(n int) int
}

var table = []entry{{"double", double}, {"half", half}}

func double(n int) int { return n * 2 }
func half(n int) int   { return n / 2 }

func find(name string) *entry {
	for i := range table {
		if table[i].name == name {
			return &table[i]
		}
	}
	return nil
}
