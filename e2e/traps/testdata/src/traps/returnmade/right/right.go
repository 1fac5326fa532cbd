package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(pair("x")) }

func shout(text string) string { return text + "!" }

func pair(text string) (string, any) {
	loud := shout(text)
	return text, loud
}
