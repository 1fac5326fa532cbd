package mutexvalue

import (
	"sync"
	"sync/atomic"
)

type counter struct {
	mu sync.Mutex
	n  int
}

type atomics struct{ n atomic.Int64 }

type outer struct {
	inner counter // want `inner holds a counter`
}

type embedding struct {
	counter // want `counter holds a counter`
}

var global counter // want `global holds a counter`

var list []counter // want `list holds a counter`

func bad() {
	var a atomics // want `a holds a atomics`
	a.n.Add(1)
	m := map[string]counter{} // want `m holds a counter`
	_ = m
}

type holder struct {
	c  *counter
	mu *sync.Mutex
}

type embeddingPointer struct{ *counter }

var pointer = &counter{}

var mu sync.Mutex

var once sync.Once

func good(c *counter) {
	var wg sync.WaitGroup
	wg.Wait()
	own := &counter{}
	own.mu.Lock()
	defer own.mu.Unlock()
	plain := struct{ n int }{1}
	_ = plain
	_ = c
}
