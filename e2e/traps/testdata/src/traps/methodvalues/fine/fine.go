// Package fine: method values that keep their receiver.
package fine

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

func Run() string {
	var list []string

	t := time.NewTimer(time.Hour)
	list = append(list, stop(t.Stop))

	b := bytes.Buffer{}
	write(b.WriteString)
	list = append(list, b.String())

	h := http.Header{"K": {"v"}}
	list = append(list, get(h.Get))

	rec := httptest.NewRecorder()
	serve(http.NewServeMux(), rec)
	list = append(list, fmt.Sprint(rec.Code))

	return strings.Join(list, ",")
}

func stop(f func() bool) string { return fmt.Sprint(f()) }

func write(f func(s string) (int, error)) { _, _ = f("x") }

func get(f func(key string) string) string { return f("k") }

func serve(h http.Handler, rw http.ResponseWriter) {
	http.HandlerFunc(h.ServeHTTP)(rw, httptest.NewRequest("GET", "/", nil))
}
