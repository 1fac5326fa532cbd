package state

import (
	"fmt"
)

var A int

var B string

func init() { A, B = two() }

func two() (int, string) { return 4, "four" }

func Show(own string) string {
	defer func() { recover() }()
	return fmt.Sprint(A, B)
}
