package right

import (
	"fmt"
)

func Run() string {
	n := 10
	n += half
	return fmt.Sprint(n)
}

var half = 7 / 2
