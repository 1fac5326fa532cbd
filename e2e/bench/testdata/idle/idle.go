// Package idle is a plugin that does nothing: what it costs, any plugin costs.
package idle

import (
	"context"
	"net/http"
)

// Config has no options.
type Config struct{}

// CreateConfig gives a Config.
func CreateConfig() *Config {
	return &Config{}
}

type middleware struct {
	next http.Handler
}

// New makes a middleware.
func New(_ context.Context, next http.Handler, _ *Config, _ string) (http.Handler, error) {
	return &middleware{next: next}, nil
}

// ServeHTTP calls the next handler.
func (m *middleware) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	m.next.ServeHTTP(rw, req)
}
