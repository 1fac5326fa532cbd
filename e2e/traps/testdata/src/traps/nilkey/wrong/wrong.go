// Package wrong: nil as the key of a map that is read, set or shortened.
package wrong

import (
	"fmt"
)

func Run() string {
	counts := map[error]int{nil: 1}
	before := counts[nil]
	counts[nil] = 2
	after := counts[nil]
	delete(counts, nil)
	return fmt.Sprint(before, after, len(counts))
}
