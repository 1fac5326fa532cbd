// Package fine: receives that are not assigned to something else.
package fine

import (
	"fmt"
)

func Run() string {
	c := make(chan string, 4)
	c <- "a"
	c <- "b"
	c <- "c"
	c <- "d"
	v := <-c
	show := func() string { return v }
	var plain string
	plain = <-c
	text := join(<-c, "!")
	w, ok := <-c
	w = w + "?"
	return show() + plain + text + w + fmt.Sprint(ok)
}

func join(a, b string) string { return a + b }
