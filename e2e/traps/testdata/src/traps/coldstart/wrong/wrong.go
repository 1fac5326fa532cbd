// Package wrong: the first run of everything from many goroutines at once.
package wrong

import (
	"context"
	"fmt"
	"net/http"
	"sync"
)

type Config struct{}

func CreateConfig() *Config { return &Config{} }

func New(ctx context.Context, next http.Handler, config *Config, name string) (http.Handler, error) {
	return next, nil
}

func Run() string { return start(false) }

func start(warm bool) string {
	s := &shop{mu: &sync.Mutex{}}
	open := make(chan bool)
	wg := &sync.WaitGroup{}
	for i := 0; i < 8; i++ {
		wg.Add(1)
		s.start(open, wg)
	}
	close(open)
	wg.Wait()
	return "done"
}

type shop struct {
	mu *sync.Mutex
	n  int
}

func (s *shop) start(open chan bool, wg *sync.WaitGroup) { go s.serve(open, wg) }

func (s *shop) serve(open chan bool, wg *sync.WaitGroup) {
	defer func() { recover() }()
	defer wg.Done()
	v, ok := <-open
	_ = v
	_ = ok
	s.first("a")
	s.kind(map[string]any{"a": []any{1}})
	s.with(func(n int) string { return fmt.Sprint(n) })
}

func (s *shop) first(text string) string  { return s.second(text) }
func (s *shop) second(text string) string { return text }

func (s *shop) with(f func(n int) string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return f(s.n)
}

func (s *shop) kind(v any) string {
	switch x := v.(type) {
	case []any:
		return fmt.Sprint(len(x))
	case map[string]any:
		return s.kind(x["a"])
	}
	return "?"
}
