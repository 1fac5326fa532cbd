// Package tally counts what is refused under load, and says when a count is
// worth a log line, so that a flood of refusals is no flood of lines.
package tally

import "sync"

// Tally is a counter for many goroutines.
type Tally struct {
	mu    *sync.Mutex
	count int
	next  int
}

// New gives a counter at zero.
func New() *Tally {
	return &Tally{mu: &sync.Mutex{}, next: 1}
}

// Add counts one more. It returns the count where that is 1, 10, 100 and so
// on, else 0: a line is due for what is not 0.
func Add(t *Tally) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count++
	if t.count < t.next {
		return 0
	}
	t.next = t.next * 10
	due := t.count
	return due
}

// Reset begins at zero again. It returns the count where Add has returned less
// of it so far, else 0: that is worth a last line.
func Reset(t *Tally) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	left := 0
	if t.count > t.next/10 { // which Add has returned last, or nothing
		left = t.count
	}
	t.count = 0
	t.next = 1
	return left
}
