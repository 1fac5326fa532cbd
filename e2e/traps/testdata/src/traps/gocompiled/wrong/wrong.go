// Package wrong: a compiled function as a goroutine, with a variable that changes after it.
package wrong

import (
	"fmt"
	"io"
)

func Run() string {
	c := make(chan string, 20)
	w := &writer{c}
	for i := 0; i < 20; i++ {
		text := fmt.Sprint("t", i)
		go io.WriteString(w, text)
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

type writer struct{ c chan string }

func (w *writer) Write(p []byte) (int, error) {
	w.c <- string(p)
	n := len(p)
	return n, nil
}
