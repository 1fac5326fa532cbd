package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(isLarge) }

const size = 10

var isLarge = size > 5
