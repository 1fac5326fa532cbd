package right

import (
	"fmt"
)

func Run() string {
	ages := map[string]int{"ann": 30}
	text := ""
	for _, name := range []string{"ann", "bob"} {
		age, ok := ages[name]
		if !ok {
			age = 0
		}
		text = text + fmt.Sprint(age, ok, ";")
	}
	return text
}
