// Package wrong: len as the second result.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint(count(7, []int{1, 2})) }

func count(n int, list []int) (int, int) { return n, len(list) }
