// Package wrong: the value of a type assertion that fails.
package wrong

import (
	"fmt"
)

func Run() string {
	text := ""
	for _, v := range []any{"one", 2} {
		s, ok := v.(string)
		text = text + fmt.Sprint(s, ok, ";")
	}
	return text
}
