package right

import (
	"fmt"
	"time"
)

func Run() string {
	c := make(chan int, 50)
	for i := 0; i < 50; i++ {
		later(c, i)
	}
	return fmt.Sprint(sum(c, 50))
}

func later(c chan int, i int) {
	time.AfterFunc(0, func() {
		defer func() { recover() }()
		c <- i
	})
}

func sum(c chan int, n int) int {
	all := 0
	for i := 0; i < n; i++ {
		v := <-c
		all = all + v
	}
	return all
}
