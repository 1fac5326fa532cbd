package traefik

import (
	"context"
	"fmt"
	"strings"
)

// Options.Static for what is measured.
const (
	// Quiet keeps Traefik's log short.
	Quiet = "log: {level: ERROR}\n"

	// Debug lets Heap and Goroutines be asked.
	Debug = "api: {debug: true}\n"
)

// Heap is what is left of Traefik's heap after a collection, in KiB.
func (s *Server) Heap(ctx context.Context) (int, error) {
	profile, err := s.API(ctx, "/debug/pprof/heap?gc=1&debug=1")
	if err != nil {
		return 0, err
	}

	_, rest, ok := strings.Cut(string(profile), "\n# HeapAlloc = ")

	var size int
	if _, err := fmt.Sscan(rest, &size); !ok || err != nil {
		return 0, fmt.Errorf("no HeapAlloc in the profile (%w)", err)
	}

	return size >> 10, nil
}

// Goroutines is how many there are.
func (s *Server) Goroutines(ctx context.Context) (int, error) {
	profile, err := s.API(ctx, "/debug/pprof/goroutine?debug=1")
	if err != nil {
		return 0, err
	}

	var count int
	_, err = fmt.Sscanf(string(profile), "goroutine profile: total %d", &count)

	return count, err
}
