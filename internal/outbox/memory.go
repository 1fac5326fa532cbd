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
	ID        string            // the webhook-id, the same at every try
	Fields    map[string]string // the placeholders' values
	Accepted  time.Time
	Tries     int
	Refusals  int       // tries after which it stepped aside
	NotBefore time.Time // when it is due again after stepping aside
}

// Memory is a queue that is lost with the process. It has no lock: who owns
// it guards it.
type Memory struct {
	waiting []*Notice // in the order of their acceptance
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

// Next is the notice whose turn it is: the oldest of those that were refused
// least. Where none is due it returns nil and how long until one is; zero if
// none waits at all.
func (m *Memory) Next(now time.Time) (*Notice, time.Duration) {
	var next *Notice
	var soonest time.Duration
	for _, notice := range m.waiting {
		wait := notice.NotBefore.Sub(now)
		if wait > 0 {
			if soonest == 0 || wait < soonest {
				soonest = wait
			}
			continue
		}
		if next == nil || notice.Refusals < next.Refusals {
			next = notice
		}
		if next.Refusals == 0 {
			break
		}
	}
	if next != nil {
		return next, 0
	}
	return nil, soonest
}

// Remove takes a notice out, wherever it stands.
func (m *Memory) Remove(notice *Notice) {
	for i, waiting := range m.waiting {
		if waiting != notice {
			continue
		}
		copy(m.waiting[i:], m.waiting[i+1:])
		last := len(m.waiting) - 1
		m.waiting[last] = nil // else the slice would keep it
		m.waiting = m.waiting[:last]
		return
	}
}
