// Package wrong: the value of a key that is not there.
package wrong

import (
	"fmt"
)

func Run() string {
	ages := map[string]int{"ann": 30}
	text := ""
	for _, name := range []string{"ann", "bob"} {
		age, ok := ages[name]
		text = text + fmt.Sprint(age, ok, ";")
	}
	return text
}
