package outbox

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// stuck is a disk whose operations hang until it is released.
type stuck struct {
	patience *Patience
	release  chan struct{}
	begun    chan struct{}
	ended    chan error
	late     chan error
}

func newStuck() *stuck {
	return &stuck{
		patience: NewPatience(),
		release:  make(chan struct{}),
		begun:    make(chan struct{}, 1000),
		ended:    make(chan error, 1000),
		late:     make(chan error, 1000),
	}
}

func (s *stuck) start() {
	go s.run()
}

func (s *stuck) run() {
	err := Await(s.patience, s.operation, s.endedLate)
	s.ended <- err
}

func (s *stuck) operation() error {
	s.begun <- struct{}{}
	<-s.release
	return errors.New("in the end")
}

func (s *stuck) endedLate(err error) {
	s.late <- err
}

func TestPatience(t *testing.T) {
	p := NewPatience()
	err := Await(p, func() error { return nil }, func(_ error) { t.Error("that was in time") })
	if err != nil {
		t.Errorf("got: %v, want: no error", err)
	}
	failure := errors.New("no space left on device")
	err = Await(p, func() error { return failure }, func(_ error) { t.Error("that was in time") })
	if !errors.Is(err, failure) {
		t.Errorf("got: %v, want: %v", err, failure)
	}
	err = Await(p, func() error { panic("planned") }, func(_ error) { t.Error("that was in time") })
	if err == nil || !strings.Contains(err.Error(), "planned") {
		t.Errorf("got: %v, want: the panic as an error", err)
	}
}

func TestPatienceEnds(t *testing.T) {
	s := newStuck()
	before := time.Now()
	err := Await(s.patience, s.operation, s.endedLate)
	waited := time.Since(before)
	if !errors.Is(err, ErrSlow) || waited < patience || waited > 60*patience {
		t.Errorf("got: %v after %s, want: %v after %s", err, waited.String(), ErrSlow, patience.String())
	}
	if len(s.late) != 0 {
		t.Error("it has not ended yet")
	}
	close(s.release)
	late := <-s.late
	if late.Error() != "in the end" {
		t.Errorf("got: %v, want: its error", late)
	}
}

// What hangs is bounded, nobody waits for longer than the others, and when the
// disk is back everything is as before.
func TestHangingIsBounded(t *testing.T) {
	s := newStuck()
	rehearse()
	const attempts = 3 * maxRunning
	before := time.Now()
	for i := 0; i < attempts; i++ {
		s.start()
	}
	counts := map[string]int{}
	for i := 0; i < attempts; i++ {
		err := <-s.ended
		counts[err.Error()]++
	}
	if time.Since(before) > 60*patience {
		t.Errorf("got: %s, want: about %s", time.Since(before).String(), patience.String())
	}
	if counts[ErrSlow.Error()] != maxRunning || counts[ErrHanging.Error()] != attempts-maxRunning || len(s.begun) != maxRunning {
		t.Errorf("got: %v and %d begun, want: %d slow ones", counts, len(s.begun), maxRunning)
	}
	// The quickest of some, since any of them may be held up on a busy machine.
	quickest := patience
	for i := 0; i < 10; i++ {
		before = time.Now()
		err := Await(s.patience, s.operation, s.endedLate)
		took := time.Since(before)
		if !errors.Is(err, ErrHanging) {
			t.Errorf("got: %v, want: %v", err, ErrHanging)
		}
		if took < quickest {
			quickest = took
		}
	}
	if quickest > patience/2 {
		t.Errorf("got: after %s, want: at once", quickest.String())
	}
	close(s.release)
	for i := 0; i < maxRunning; i++ {
		<-s.late
	}
	if len(s.begun) != maxRunning || len(s.late) != 0 {
		t.Errorf("got: %d begun, want: none after it was given up", len(s.begun))
	}
	for isBusy(s.patience) {
		time.Sleep(time.Millisecond) // a place is given back right after that
	}
	err := Await(s.patience, func() error { return nil }, s.endedLate)
	if err != nil || s.patience.hanging != 0 {
		t.Errorf("got: %v, want: no error", err)
	}
}

// rehearse lets one operation hang, since the interpreter must not learn how in
// many goroutines.
func rehearse() {
	s := newStuck()
	s.start()
	<-s.ended
	close(s.release)
	<-s.late
	for isBusy(s.patience) {
		time.Sleep(time.Millisecond)
	}
}

func isBusy(p *Patience) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running > 0
}

// crowd is many goroutines that use a disk that works.
type crowd struct {
	patience *Patience
	mu       *sync.Mutex
	running  int
	most     int
	failures int
	done     *sync.WaitGroup
}

func (c *crowd) start() {
	c.done.Add(1)
	go c.run()
}

func (c *crowd) run() {
	defer c.done.Done()
	err := Await(c.patience, c.operation, func(_ error) {})
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failures++
	}
}

func (c *crowd) operation() error {
	c.count(1)
	time.Sleep(time.Millisecond) // a disk takes its time
	c.count(-1)
	return nil
}

func (c *crowd) count(more int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running += more
	if c.running > c.most {
		c.most = c.running
	}
}

// Many sign-ups at once are no fault of a disk that works.
func TestACrowdIsServed(t *testing.T) {
	c := &crowd{patience: NewPatience(), mu: &sync.Mutex{}, done: &sync.WaitGroup{}}
	c.start()
	c.done.Wait() // the interpreter must not learn all this in many goroutines
	// Not so many that a slow machine needs a second for them.
	for i := 0; i < 4*maxRunning; i++ {
		c.start()
	}
	c.done.Wait()
	if c.failures != 0 || c.most > maxRunning {
		t.Errorf("got: %d failures and %d at once, want: none and at most %d", c.failures, c.most, maxRunning)
	}
}
