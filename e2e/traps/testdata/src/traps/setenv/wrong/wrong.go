// Package wrong: the environment set and read from two goroutines.
package wrong

import (
	"os"
	"sync"
)

func Run() string {
	wg := &sync.WaitGroup{}
	wg.Add(2)
	go read(wg)
	go write(wg)
	wg.Wait()
	return "done"
}

func read(wg *sync.WaitGroup) {
	defer func() { recover() }()
	defer wg.Done()
	for i := 0; i < 3000; i++ {
		os.Getenv("HOME")
	}
}

func write(wg *sync.WaitGroup) {
	defer func() { recover() }()
	defer wg.Done()
	for i := 0; i < 3000; i++ {
		os.Setenv("TRAP", "x")
	}
}
