// Package wrong: handlers registered in a loop.
package wrong

import (
	"io"
	"net/http"
	"net/http/httptest"
)

func Run() string {
	mux := http.NewServeMux()
	for _, name := range []string{"a", "b"} {
		name := name
		mux.HandleFunc("/"+name, func(rw http.ResponseWriter, req *http.Request) { io.WriteString(rw, name) })
	}
	return get(mux, "/a") + get(mux, "/b")
}

func get(h http.Handler, path string) string {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec.Body.String()
}
