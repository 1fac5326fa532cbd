package deferargs

import (
	"context"
	"fmt"
	"net/http"
	"sync"
)

type card struct{ name string }

var global = "x"

func bad(c *card) {
	text := "a"
	defer fmt.Println(text)    // want `an argument of a defer that may change`
	defer fmt.Println(c.name)  // want `an argument of a defer that may change`
	defer fmt.Println(global)  // want `an argument of a defer that may change`
	defer fmt.Println(make1()) // want `an argument of a defer that may change`
	text = "b"
	for n := 0; n < 3; n++ {
		defer fmt.Println(n) // want `an argument of a defer that may change`
	}
	mu := &sync.Mutex{}
	defer mu.Unlock() // want `the receiver of a defer that may change`
	mu = &sync.Mutex{}
}

func make1() string { return "x" }

type server struct {
	mu   *sync.Mutex
	done chan bool
}

func good(s *server, c chan int, res *http.Response, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_ = ctx
	defer res.Body.Close()
	defer close(c)
	defer close(s.done)
	defer fmt.Println("constant", 1)
	defer fmt.Println(key)
	text := "a"
	text = "b"
	defer fmt.Println(text)
	defer func() { fmt.Println(text) }()
}
