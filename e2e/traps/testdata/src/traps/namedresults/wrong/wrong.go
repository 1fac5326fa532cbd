// Package wrong: named results that are set on one path only.
package wrong

import (
	"fmt"
)

func Run() string {
	text := ""
	for i := 0; i < 3; i++ {
		found, n := look(i == 0)
		text = text + fmt.Sprint(found, n, ";")
	}
	return text
}

func look(there bool) (found string, n int) {
	if there {
		found = "it"
		n = 1
	}
	return found, n
}
