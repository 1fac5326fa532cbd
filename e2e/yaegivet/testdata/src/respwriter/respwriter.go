package respwriter

import (
	"net/http"
)

type writer struct {
	http.ResponseWriter
	n int
}

func (w *writer) Flush()                      {}                          // want `method Flush of a ResponseWriter`
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter } // want `method Unwrap of a ResponseWriter`

func bad(next http.Handler, rw http.ResponseWriter, r *http.Request) {
	next.ServeHTTP(writer{rw, 1}, r) // want `a struct by value`
}

type answer struct{ inner http.ResponseWriter }

func (a *answer) Header() http.Header         { return a.inner.Header() }
func (a *answer) Write(p []byte) (int, error) { return a.inner.Write(p) }
func (a *answer) WriteHeader(status int)      { a.inner.WriteHeader(status) }

type other struct{}

func (o *other) Flush() {}

func good(next http.Handler, rw http.ResponseWriter, r *http.Request) {
	next.ServeHTTP(&answer{rw}, r)
	next.ServeHTTP(&writer{rw, 1}, r)
	next.ServeHTTP(rw, r)
}
