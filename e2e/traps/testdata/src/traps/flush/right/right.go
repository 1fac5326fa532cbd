// Package right: the handler gets the writer that the server made.
package right

import (
	"net/http"
	"net/http/httptest"
)

func Run() string {
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Flushed {
		return "1"
	}
	return "0"
}

var handler = http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
	http.NewResponseController(rw).Flush()
})
