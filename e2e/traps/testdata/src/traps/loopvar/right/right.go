package right

import (
	"fmt"
)

func Run() string {
	var list []func() string
	for i := 0; i < 3; i++ {
		list = append(list, number(i))
	}
	text := ""
	for _, f := range list {
		text = text + f()
	}
	return text
}

func number(i int) func() string {
	return func() string { return fmt.Sprint(i) }
}
