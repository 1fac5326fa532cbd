package outbox

// Waiting for a disk that may hang: never longer than a second.

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// patience is how long anybody waits for the disk.
	patience = time.Second
	// maxRunning is how many operations run at a time, those that hang
	// included; more of them wait for their turn.
	maxRunning = 64
)

var (
	// ErrSlow says that the disk has not answered within a second.
	ErrSlow = errors.New("the disk does not answer within a second")
	// ErrHanging says that an operation was not begun, because too many
	// others hang.
	ErrHanging = errors.New("the disk does not answer, and too much waits for it")
)

// Patience waits for a disk, but not longer than a second, and keeps what
// hangs within bounds.
type Patience struct {
	mu      *sync.Mutex
	running int
	hanging int        // of those, the ones that nobody waits for any more
	queue   []*attempt // not begun yet
}

// NewPatience returns one that nothing waits for.
func NewPatience() *Patience {
	return &Patience{mu: &sync.Mutex{}}
}

// attempt is one operation that somebody waits for. It is guarded by the
// lock of its Patience.
type attempt struct {
	operation func() error
	late      func(err error)
	wake      context.CancelFunc // ends the waiting before the second is over
	begun     bool
	ended     bool
	left      bool // nobody waits any more
	err       error
}

// Await runs an operation in a goroutine and returns its error, or ErrSlow or
// ErrHanging. Where it returned ErrSlow and the operation ends after all, late
// is called with its error; after ErrHanging it has not begun and never will.
func Await(p *Patience, operation func() error, late func(err error)) error {
	// No select statement: in the interpreter, goroutines share its cases. A
	// context has a timer that needs no function of ours, which would be slow.
	ctx, wake := context.WithTimeout(context.Background(), patience)
	a := &attempt{operation: operation, late: late, wake: wake}
	if !enter(p, a) {
		wake()
		return ErrHanging
	}
	<-ctx.Done()
	return outcome(p, a)
}

// enter begins an attempt, or lets it wait for another to end. It tells
// whether there is any hope of that.
func enter(p *Patience, a *attempt) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hanging >= maxRunning {
		return false
	}
	if p.running >= maxRunning {
		p.queue = append(p.queue, a)
		return true
	}
	begin(p, a)
	return true
}

// begin is called with the lock held.
func begin(p *Patience, a *attempt) {
	a.begun = true
	p.running++
	go run(p, a)
}

// run is the goroutine of one operation.
func run(p *Patience, a *attempt) {
	defer func() { _ = recover() }() // a panic would end Traefik; guarded lets none through
	err := guarded(a.operation)
	for end(p, a, err) {
		tellLate(a, err)
	}
}

// tellLate says that an operation has ended after all.
func tellLate(a *attempt, err error) {
	_ = guarded(func() error {
		a.late(err)
		return nil
	})
}

// end ends an operation, and tells whether that comes too late. If so, it is
// called again when that was told. When the waiting one is woken, nothing is
// left to do: what two goroutines do for the first time at once, the
// interpreter reports as a race.
func end(p *Patience, a *attempt, err error) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a.ended {
		p.hanging--
		makeRoom(p)
		return false
	}
	a.ended = true
	a.err = err
	left := a.left
	if !left {
		makeRoom(p)
	}
	a.wake()
	return left
}

// outcome is what an attempt has come to when the waiting is over.
func outcome(p *Patience, a *attempt) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a.ended {
		return a.err
	}
	if !a.begun {
		forget(p, a)
		return ErrHanging
	}
	a.left = true
	p.hanging++
	return ErrSlow
}

// forget takes an attempt out of the queue.
func forget(p *Patience, a *attempt) {
	for i, waiting := range p.queue {
		if waiting == a {
			copy(p.queue[i:], p.queue[i+1:])
			last := len(p.queue) - 1
			p.queue[last] = nil
			p.queue = p.queue[:last]
			return
		}
	}
}

// makeRoom begins the next in the queue. It is called with the lock held.
func makeRoom(p *Patience) {
	p.running--
	if len(p.queue) > 0 {
		beginNext(p)
	}
}

func beginNext(p *Patience) {
	next := p.queue[0]
	p.queue[0] = nil // else the slice would keep it
	p.queue = p.queue[1:]
	begin(p, next)
}

// guarded turns a panic into an error: it would end Traefik. Named results are
// wrong in the interpreter, so the error has a place of its own.
func guarded(operation func() error) error {
	ended := &ending{}
	guardedInto(ended, operation)
	return ended.err
}

// ending is how a guarded operation ended.
type ending struct {
	err error
}

func guardedInto(ended *ending, operation func() error) {
	defer func() {
		r := recover()
		if r != nil {
			ended.err = errors.New("a fault of the plugin: " + fmt.Sprint(r))
		}
	}()
	ended.err = operation()
}
