// Package wrong: a loop's variable kept by a literal.
package wrong

import (
	"fmt"
)

func Run() string {
	var list []func() string
	for i := 0; i < 3; i++ {
		list = append(list, func() string { return fmt.Sprint(i) })
	}
	text := ""
	for _, f := range list {
		text = text + f()
	}
	return text
}
