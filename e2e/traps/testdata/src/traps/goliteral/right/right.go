package right

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
		send(c, i)
	}
	return sum(c, 10)
}

func send(c chan int, i int) {
	go func() {
		defer func() { recover() }()
		c <- i
	}()
}

func sum(c chan int, n int) int {
	all := 0
	for i := 0; i < n; i++ {
		v := <-c
		all = all + v
	}
	return all
}
