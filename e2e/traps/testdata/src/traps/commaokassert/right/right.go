package right

import (
	"fmt"
)

func Run() string {
	text := ""
	for _, v := range []any{"one", 2} {
		s, ok := v.(string)
		if !ok {
			text = text + "false;"
			continue
		}
		text = text + fmt.Sprint(s, true, ";")
	}
	return text
}
