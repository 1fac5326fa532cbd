// Package fine: defers on what does not change.
package fine

import (
	"context"
	"fmt"
	"sync"
)

func Run() string {
	mu := &sync.Mutex{}
	c := make(chan int, 1)
	wg := &sync.WaitGroup{}
	wg.Add(1)
	use(mu, c, wg)
	wg.Wait()
	v, open := <-c
	_ = v
	return fmt.Sprint(mu.TryLock(), open)
}

func use(mu *sync.Mutex, c chan int, wg *sync.WaitGroup) {
	mu.Lock()
	defer mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_ = ctx
	defer close(c)
	defer wg.Done()
}
