// Package receiver is a webhook receiver for tests: it keeps every request,
// answers, fails or hangs as it is told, can be switched off and on at the
// same address, and lets a test wait for what it expects instead of for time
// to pass.
package receiver

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
)

// Greeting is how the plugin's own message begins; the name stands behind it.
const Greeting = "Neuer Benutzer registriert: "

// maxBody is more than any notice has.
const maxBody = 1 << 20

// Request is one try of a sender.
type Request struct {
	Method string
	Target string // path and query, as they were sent
	Host   string
	Header http.Header
	Body   string
	At     time.Time // of its arrival

	// Status is what it was answered, 0 while it hangs and for ever if it was
	// never answered.
	Status int
}

// Taken tells whether the request was answered with a success.
func (r Request) Taken() bool { return r.Status >= 200 && r.Status <= 299 }

// Receiver is safe for concurrent use. It begins by answering 200.
type Receiver struct {
	addr string

	mu       sync.Mutex
	server   *http.Server // nil while it is off
	requests []*Request
	taken    int // how many of them were
	answer   answer
	news     chan struct{} // closed and replaced at every change
	closed   bool
	onTaken  func(Request)
}

// answer is what requests get; status 0 stands for none.
type answer struct {
	status int
	header http.Header
}

// Run starts a receiver for a test, and stops it at the test's end.
func Run(t testing.TB) *Receiver {
	t.Helper()

	r, err := Start()
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(r.Stop)

	return r
}

// Start starts a receiver on a loopback port of its own.
func Start() (*Receiver, error) {
	r := &Receiver{answer: answer{status: http.StatusOK}, news: make(chan struct{})}

	// Not port 0: while the receiver is off, nobody must get its port.
	err := process.OnFreePort(func(port int) error {
		r.addr = fmt.Sprintf("127.0.0.1:%d", port)
		return r.SwitchOn()
	})
	if err != nil {
		return nil, err
	}

	return r, nil
}

// Addr is its host and port.
func (r *Receiver) Addr() string { return r.addr }

// URL is its base URL, without a slash at its end. Every path is served.
func (r *Receiver) URL() string { return "http://" + r.addr }

// Answer gives requests that status from now on, with headers in pairs of
// name and value. Those that hang get it too.
func (r *Receiver) Answer(status int, header ...string) {
	a := answer{status: status, header: http.Header{}}
	for i := 0; i+1 < len(header); i += 2 {
		a.header.Add(header[i], header[i+1])
	}

	r.change(func() { r.answer = a })
}

// Hang gives requests no answer from now on.
func (r *Receiver) Hang() {
	r.change(func() { r.answer = answer{} })
}

// OnTaken has a function called after each request that is taken. It must
// not call the receiver.
func (r *Receiver) OnTaken(f func(Request)) {
	r.change(func() { r.onTaken = f })
}

// SwitchOff ends its connections and refuses new ones.
func (r *Receiver) SwitchOff() {
	r.mu.Lock()
	server := r.server
	r.server = nil
	r.mu.Unlock()

	if server != nil {
		_ = server.Close()
	}
}

// SwitchOn listens again, at the same address.
func (r *Receiver) SwitchOn() error {
	listener, err := net.Listen("tcp", r.addr)
	if err != nil {
		return err
	}

	server := &http.Server{Handler: r, ReadHeaderTimeout: time.Minute}

	r.change(func() { r.server = server })

	go func() { _ = server.Serve(listener) }() // it ends by SwitchOff

	return nil
}

// Stop ends the receiver; what hangs is let go.
func (r *Receiver) Stop() {
	r.change(func() { r.closed = true })
	r.SwitchOff()
}

// ServeHTTP is for the receiver's own server.
func (r *Receiver) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, maxBody))
	if err != nil {
		return // not a whole request
	}

	mine := &Request{
		Method: req.Method,
		Target: req.RequestURI,
		Host:   req.Host,
		Header: req.Header.Clone(),
		Body:   string(body),
		At:     time.Now(),
	}

	r.change(func() { r.requests = append(r.requests, mine) })

	a, ok := r.decide(req.Context(), mine)
	if !ok {
		return
	}

	for name, values := range a.header {
		rw.Header()[name] = values
	}

	rw.WriteHeader(a.status)
}

// decide waits, where requests hang, for what this one is to be answered.
func (r *Receiver) decide(ctx context.Context, mine *Request) (answer, bool) {
	for {
		r.mu.Lock()
		a, closed, news, onTaken := r.answer, r.closed, r.news, r.onTaken
		r.mu.Unlock()

		if closed {
			return answer{}, false
		}

		if a.status != 0 {
			r.change(func() {
				mine.Status = a.status
				if mine.Taken() {
					r.taken++
				}
			})

			if onTaken != nil && mine.Taken() {
				onTaken(*mine)
			}

			return a, true
		}

		select {
		case <-news:
		case <-ctx.Done():
			return answer{}, false
		}
	}
}

func (r *Receiver) change(what func()) {
	r.mu.Lock()
	defer r.mu.Unlock()

	what()
	close(r.news)
	r.news = make(chan struct{})
}

// Tries are all requests so far, in the order of their arrival.
func (r *Receiver) Tries() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()

	return r.list(anyway)
}

// Taken are the requests so far that were answered with a success.
func (r *Receiver) Taken() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()

	return r.list(Request.Taken)
}

// AwaitTries waits until there were n requests, answered or not, and returns
// all that there are by then.
func (r *Receiver) AwaitTries(ctx context.Context, n int) ([]Request, error) {
	return r.await(ctx, anyway, func() error {
		if len(r.requests) < n {
			return fmt.Errorf("%d tries came, want %d", len(r.requests), n)
		}

		return nil
	})
}

// Await waits until n requests were taken, and returns all that were by then.
func (r *Receiver) Await(ctx context.Context, n int) ([]Request, error) {
	return r.await(ctx, Request.Taken, func() error {
		if r.taken < n {
			return fmt.Errorf("%d notices were taken, want %d", r.taken, n)
		}

		return nil
	})
}

// AwaitBody waits until a request with that body was taken, and returns all
// that were by then.
func (r *Receiver) AwaitBody(ctx context.Context, body string) ([]Request, error) {
	return r.await(ctx, Request.Taken, func() error {
		for _, request := range r.requests {
			if request.Body == body && request.Taken() {
				return nil
			}
		}

		return fmt.Errorf("no notice %q among the %d that were taken", body, r.taken)
	})
}

// SortedBodies are the bodies of requests.
func SortedBodies(requests []Request) []string {
	bodies := make([]string, 0, len(requests))
	for _, request := range requests {
		bodies = append(bodies, request.Body)
	}

	slices.Sort(bodies)

	return bodies
}

// await returns what is wanted as soon as ready, which is called with the
// lock held, has no objection.
func (r *Receiver) await(ctx context.Context, want func(Request) bool, ready func() error) ([]Request, error) {
	for {
		r.mu.Lock()
		err, news := ready(), r.news

		if err == nil || ctx.Err() != nil {
			defer r.mu.Unlock()

			if err != nil {
				err = fmt.Errorf("%w: %w", ctx.Err(), err)
			}

			return r.list(want), err
		}

		r.mu.Unlock()

		select {
		case <-news:
		case <-ctx.Done():
		}
	}
}

func anyway(Request) bool { return true }

// list is called with the lock held.
func (r *Receiver) list(want func(Request) bool) []Request {
	list := []Request{}

	for _, request := range r.requests {
		if want(*request) {
			list = append(list, *request)
		}
	}

	return list
}
