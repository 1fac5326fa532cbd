// Package wrong: time.AfterFunc with a literal, in a loop.
package wrong

import (
	"fmt"
	"time"
)

func Run() string {
	c := make(chan int, 50)
	for i := 0; i < 50; i++ {
		i := i
		time.AfterFunc(0, func() {
			defer func() { recover() }()
			c <- i
		})
	}
	return fmt.Sprint(sum(c, 50))
}

func sum(c chan int, n int) int {
	all := 0
	for i := 0; i < n; i++ {
		v := <-c
		all = all + v
	}
	return all
}
