package right

import (
	"fmt"
)

func Run() string { return fmt.Sprint(all) }

var list = []int{1, 2, 3}

var all = count()

func count() int { return len(list) }
