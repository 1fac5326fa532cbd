package right

import (
	"fmt"
	"io"
)

func Run() string {
	c := make(chan string, 20)
	w := &writer{c}
	io.WriteString(w, "the first call, alone")
	first := <-c
	_ = first
	for i := 0; i < 20; i++ {
		text := fmt.Sprint("t", i)
		send(w, text)
		text = "other"
	}
	bad := 0
	for i := 0; i < 20; i++ {
		v := <-c
		if v == "other" {
			bad++
		}
	}
	return fmt.Sprint(bad)
}

func send(w *writer, text string) {
	go func() {
		defer func() { recover() }()
		io.WriteString(w, text)
	}()
}

type writer struct{ c chan string }

func (w *writer) Write(p []byte) (int, error) {
	w.c <- string(p)
	n := len(p)
	return n, nil
}
