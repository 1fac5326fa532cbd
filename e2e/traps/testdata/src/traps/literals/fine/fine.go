// Package fine: literals in a loop that are called at once, lent, or kept in this goroutine.
package fine

import (
	"fmt"
	"sort"
	"strings"
)

func Run() string {
	text := ""
	for _, word := range []string{"b", "a"} {
		func() { text = text + word }()
		add := func(more string) { text = text + more }
		add("-")
		text = text + strings.Map(func(r rune) rune { return r + 1 }, word)
		each(func(n int) { text = text + fmt.Sprint(n) })
	}
	var kept []func() string
	for _, word := range []string{"x", "y"} {
		own := word
		kept = append(kept, func() string { return own })
	}
	for _, f := range kept {
		text = text + f()
	}
	numbers := []int{3, 1, 2}
	for i := 0; i < 2; i++ {
		sort.Slice(numbers, func(a, b int) bool { return numbers[a] < numbers[b] })
	}
	return text + fmt.Sprint(numbers)
}

func each(f func(n int)) {
	for i := 0; i < 2; i++ {
		f(i)
	}
}
