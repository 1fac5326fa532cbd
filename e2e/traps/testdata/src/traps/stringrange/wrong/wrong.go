// Package wrong: the index of a range over a string.
package wrong

import (
	"fmt"
)

func Run() string {
	text := ""
	for i := range "aéb" {
		text = text + fmt.Sprint(i)
	}
	return text
}
