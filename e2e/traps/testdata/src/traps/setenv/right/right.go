package right

import (
	"os"
	"sync"
)

func Run() string {
	wg := &sync.WaitGroup{}
	wg.Add(2)
	go read(wg)
	go read(wg)
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
