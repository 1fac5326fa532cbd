package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(keys(map[string]int{"a": 1})) }

func keys(m map[string]int) []string {
	list := []string{}
	for k := range m {
		list = append(list, k)
	}
	return list
}
