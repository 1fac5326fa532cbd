package racy

import (
	"sync"
	"testing"
)

// TestSelect passes, but the goroutines share the interpreter's one array of
// cases.
func TestSelect(t *testing.T) {
	group := &sync.WaitGroup{}
	group.Add(8)
	for i := 0; i < 8; i++ {
		start(group)
	}
	group.Wait()
}

func start(group *sync.WaitGroup) {
	go func() {
		defer group.Done()
		for i := 0; i < 200; i++ {
			offer(make(chan int, 1))
		}
	}()
}

func offer(c chan int) {
	select {
	case c <- 1:
	default:
	}
}
