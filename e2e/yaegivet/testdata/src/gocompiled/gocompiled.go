package gocompiled

import (
	"fmt"
	"sync"
)

func bad(mu *sync.Mutex, wg *sync.WaitGroup) {
	go fmt.Println("x") // want `go fmt.Println`
	go wg.Wait()        // want `go \(\*sync.WaitGroup\).Wait`
}

func good() {
	go work()
	go func() { fmt.Println("x") }()
}

func work() {}
