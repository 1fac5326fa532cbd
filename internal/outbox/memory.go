// Package outbox holds the notices that wait for their delivery.
package outbox

import (
	"errors"
	"time"
)

// MaxInMemory is how many notices wait without a folder to keep them in.
const MaxInMemory = 1000

// ErrFull says that a notice was refused because too many wait.
var ErrFull = errors.New("too many notices wait")

// Notice is an event on its way.
type Notice struct {
	ID       string            // the webhook-id, the same at every try
	Fields   map[string]string // the placeholders' values
	Accepted time.Time
	Tries    int
}

// Memory is a queue that is lost with the process. It has no lock: who owns
// it guards it.
type Memory struct {
	waiting []*Notice
}

// NewMemory gives an empty queue.
func NewMemory() *Memory {
	return &Memory{waiting: []*Notice{}}
}

// Add appends a notice, or returns ErrFull.
func (m *Memory) Add(notice *Notice) error {
	if len(m.waiting) >= MaxInMemory {
		return ErrFull
	}
	m.waiting = append(m.waiting, notice)
	return nil
}

// Len is how many wait.
func (m *Memory) Len() int {
	return len(m.waiting)
}

// First is the notice whose turn it is, or nil.
func (m *Memory) First() *Notice {
	if len(m.waiting) == 0 {
		return nil
	}
	return m.waiting[0]
}

// RemoveFirst takes away the notice whose turn it was.
func (m *Memory) RemoveFirst() {
	m.waiting[0] = nil // else the slice would keep it
	m.waiting = m.waiting[1:]
}

// Rotate lets the first notice step behind all others.
func (m *Memory) Rotate() {
	first := m.waiting[0]
	m.RemoveFirst()
	m.waiting = append(m.waiting, first)
}
