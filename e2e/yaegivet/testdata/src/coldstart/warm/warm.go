package warm

import (
	"context"
	"net/http"
	"sync"
)

type Config struct{}

var once = &sync.Once{}

func CreateConfig() *Config { return &Config{} }

func New(ctx context.Context, next http.Handler, config *Config, name string) (http.Handler, error) {
	once.Do(rehearse)
	return next, nil
}

func rehearse() {}
