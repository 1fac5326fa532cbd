package right

import (
	"fmt"
	"sync"
)

func Run() string {
	h := &holder{count: &counter{}}
	h.count.add()
	h.count.n = 0
	wg := &sync.WaitGroup{}
	warm := &sync.WaitGroup{}
	warm.Add(1)
	h.work(warm)
	h.count.n = 0
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

type holder struct{ count *counter }

func (h *holder) work(wg *sync.WaitGroup) {
	defer func() { recover() }()
	defer wg.Done()
	for i := 0; i < 1000; i++ {
		h.count.add()
	}
}
