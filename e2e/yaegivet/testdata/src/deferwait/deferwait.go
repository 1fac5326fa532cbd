package deferwait

import (
	"net/http"
	"sync"
)

func bad(c chan int, wg *sync.WaitGroup) {
	defer wg.Wait()        // want `a wait in a defer`
	defer func() { <-c }() // want `a wait in a defer`
	defer func() {
		for range c { // want `a wait in a defer`
		}
	}()
	defer func() { wg.Wait() }() // want `a wait in a defer`
}

func good(c chan int, wg *sync.WaitGroup, mu *sync.Mutex, res *http.Response) {
	mu.Lock()
	defer mu.Unlock()
	defer wg.Done()
	defer close(c)
	defer res.Body.Close()
	defer func() { c <- 1 }()
	wg.Wait()
	<-c
}
