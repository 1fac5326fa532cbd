package right

import (
	"io"
	"net/http"
	"net/http/httptest"
)

func Run() string {
	mux := http.NewServeMux()
	for _, name := range []string{"a", "b"} {
		add(mux, name)
	}
	return get(mux, "/a") + get(mux, "/b")
}

func add(mux *http.ServeMux, name string) {
	mux.HandleFunc("/"+name, func(rw http.ResponseWriter, req *http.Request) { io.WriteString(rw, name) })
}

func get(h http.Handler, path string) string {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec.Body.String()
}
