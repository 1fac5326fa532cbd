// Package right: the same with a plain send, which cannot block because there is room.
package right

import (
	"fmt"
)

func Run() string {
	wrong := make(chan int, 4)
	for _, name := range []string{"a", "b", "c", "d"} {
		start(name, wrong)
	}
	sum := 0
	for i := 0; i < 4; i++ {
		n := <-wrong
		sum = sum + n
	}
	return fmt.Sprint(sum)
}

func start(name string, wrong chan int) {
	go func() {
		defer func() { recover() }()
		wrong <- count(name)
	}()
}

func count(name string) int {
	wrong := 0
	for i := 0; i < 2000; i++ {
		c := make(chan string, 1)
		if len(c) == 0 {
			c <- name
		}
		if len(c) == 0 {
			wrong++
		}
	}
	return wrong
}
