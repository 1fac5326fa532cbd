// Package wrong: a counter with a mutex, held by value.
package wrong

import (
	"fmt"
	"sync"
)

func Run() string {
	h := &holder{}
	wg := &sync.WaitGroup{}
	wg.Add(2)
	go h.work(wg)
	go h.work(wg)
	wg.Wait()
	return fmt.Sprint(h.count.n)
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

type holder struct{ count counter }

func (h *holder) work(wg *sync.WaitGroup) {
	defer func() { recover() }()
	defer wg.Done()
	for i := 0; i < 1000; i++ {
		h.count.add()
	}
}
