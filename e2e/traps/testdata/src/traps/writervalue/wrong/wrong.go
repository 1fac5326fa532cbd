// Package wrong: a struct by value as a ResponseWriter.
package wrong

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

func Run() string {
	rec := httptest.NewRecorder()
	http.NotFound(writer{rec, 1}, httptest.NewRequest("GET", "/", nil))
	return fmt.Sprint(rec.Code)
}

type writer struct {
	http.ResponseWriter
	n int
}
