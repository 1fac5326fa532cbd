// Package wrong: a package variable whose function reads one that stands below.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint(all) }

var all = count()

func count() int { return len(list) }

var list = []int{1, 2, 3}
