// Package wrong: a generic function whose second type parameter only a literal would tell.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint(keys(map[string]int{"a": 1})) }

func keys[M ~map[K]V, K comparable, V any](m M) []K {
	list := []K{}
	for k := range m {
		list = append(list, k)
	}
	return list
}
