// Package wrong: a goroutine a round, each with a variable of its own.
package wrong

import (
	"fmt"
)

func Run() string {
	bad := 0
	for i := 0; i < 300; i++ {
		if round() != 45 {
			bad++
		}
	}
	return fmt.Sprint(bad)
}

func round() int {
	c := make(chan int, 10)
	for i := 0; i < 10; i++ {
		i := i
		go func() {
			defer func() { recover() }()
			c <- i
		}()
	}
	return sum(c, 10)
}

func sum(c chan int, n int) int {
	all := 0
	for i := 0; i < n; i++ {
		v := <-c
		all = all + v
	}
	return all
}
