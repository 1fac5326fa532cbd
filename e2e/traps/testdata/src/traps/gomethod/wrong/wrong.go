// Package wrong: the method of another value in each round.
package wrong

import (
	"fmt"
)

func Run() string {
	bad := 0
	for i := 0; i < 100; i++ {
		if round() != 45 {
			bad++
		}
	}
	return fmt.Sprint(bad)
}

type worker struct {
	id int
	c  chan int
}

func (w *worker) run() {
	defer func() { recover() }()
	w.c <- w.id
}

func round() int {
	c := make(chan int, 10)
	for i := 0; i < 10; i++ {
		w := &worker{i, c}
		go w.run()
	}
	all := 0
	for i := 0; i < 10; i++ {
		v := <-c
		all = all + v
	}
	return all
}
