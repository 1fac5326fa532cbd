// Package wrong: literals made in a loop and run by a worker.
package wrong

import (
	"sync"
)

func Run() string {
	q := &queue{mu: &sync.Mutex{}}
	q.cond = sync.NewCond(q.mu)
	go q.work()
	for i := 0; i < 300; i++ {
		round(q)
	}
	return "done"
}

func round(q *queue) {
	c := make(chan int, 5)
	for i := 0; i < 5; i++ {
		q.push(func() { c <- 1 })
	}
	for i := 0; i < 5; i++ {
		v := <-c
		_ = v
	}
}

type queue struct {
	mu   *sync.Mutex
	cond *sync.Cond
	list []func()
}

func (q *queue) push(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.list = append(q.list, f)
	q.cond.Signal()
}

func (q *queue) work() {
	defer func() { recover() }()
	for {
		f := q.take()
		f()
	}
}

func (q *queue) take() func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.list) == 0 {
		q.cond.Wait()
	}
	f := q.list[0]
	q.list = q.list[1:]
	return f
}
