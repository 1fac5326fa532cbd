// Package header is a plugin that the harness is tested with: it puts a value
// into each answer, and one into the log whenever it is made.
package header

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
)

// Config is the plugin's configuration.
type Config struct {
	Value string `json:"value,omitempty"`
}

// CreateConfig gives the defaults.
func CreateConfig() *Config { return &Config{} }

type header struct {
	next  http.Handler
	value string
}

// New makes an instance.
func New(_ context.Context, next http.Handler, config *Config, name string) (http.Handler, error) {
	if config.Value == "" {
		return nil, errors.New("value: is missing")
	}

	fmt.Println("made " + name + " with " + config.Value + " and " + os.Getenv("HEADER_TEST"))

	return &header{next: next, value: config.Value}, nil
}

// ServeHTTP adds the header.
func (h *header) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	rw.Header().Set("X-Test", h.value)
	h.next.ServeHTTP(rw, req)
}
