package right

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

func look(there bool) (string, int) {
	if there {
		return "it", 1
	}
	return "", 0
}
