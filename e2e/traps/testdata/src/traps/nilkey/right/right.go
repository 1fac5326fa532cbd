// Package right: a variable of the key's type.
package right

import (
	"fmt"
)

func Run() string {
	var none error
	counts := map[error]int{none: 1}
	before := counts[none]
	counts[none] = 2
	after := counts[none]
	delete(counts, none)
	return fmt.Sprint(before, after, len(counts))
}
