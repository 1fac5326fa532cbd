package right

import (
	"fmt"
	"unicode/utf8"
)

func Run() string {
	text := ""
	rest := "aéb"
	at := 0
	for len(rest) > 0 {
		text = text + fmt.Sprint(at)
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		at = at + size
	}
	return text
}
