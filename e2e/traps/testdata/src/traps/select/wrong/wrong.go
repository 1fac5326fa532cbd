// Package wrong: four goroutines send their own names through one select statement.
package wrong

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
		select {
		case c <- name:
			if len(c) == 0 {
				wrong++
			}
		default:
			wrong++
		}
	}
	return wrong
}
