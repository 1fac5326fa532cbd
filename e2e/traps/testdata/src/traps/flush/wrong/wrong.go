// Package wrong: Flush of a ResponseWriter of ours.
package wrong

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

func Run() string {
	w := &writer{ResponseWriter: httptest.NewRecorder()}
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	return fmt.Sprint(w.flushed)
}

type writer struct {
	http.ResponseWriter
	flushed int
}

func (w *writer) Flush() { w.flushed++ }

var handler = http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
	http.NewResponseController(rw).Flush()
})
