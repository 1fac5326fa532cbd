package exchange

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
)

func TestClientLeaves(t *testing.T) {
	client, leave := context.WithCancel(context.WithValue(context.Background(), contextKey("k"), "v"))
	next := func(rw http.ResponseWriter, req *http.Request) {
		leave()
		if req.Context().Err() != nil || req.Context().Value(contextKey("k")) != "v" {
			t.Errorf("got: %v, want: a context that goes on", req.Context())
		}
		_, _ = io.WriteString(rw, "{}")
	}
	_, seen := pass(next, post("{}").WithContext(client))
	if len(seen) != 1 {
		t.Errorf("seen: %d times, want: once", len(seen))
	}
}

// contextKey is a type of its own, as package context asks for.
type contextKey string

func TestTooManyWithoutClient(t *testing.T) {
	started := &sync.WaitGroup{}
	release := make(chan struct{})
	over := make(chan error, maxAlone+1)
	client, leave := context.WithCancel(context.Background())
	calls := make([]*detached, 0, maxAlone+1)
	started.Add(maxAlone + 1)
	for i := 0; i < maxAlone+1; i++ {
		call := detach(client)
		calls = append(calls, call)
		go wait(call, started, release, over)
	}
	started.Wait()
	leave()
	err := <-over // the one too many ends with its client
	if err != context.Canceled {
		t.Errorf("got: %v, want: %v", err, context.Canceled)
	}
	close(release)
	for i := 0; i < maxAlone; i++ {
		err := <-over
		if err != nil {
			t.Fatalf("another one: got: %v, want: none", err)
		}
	}
	for _, call := range calls {
		endCall(call)
	}
	if alone.count != 0 {
		t.Errorf("got: %d counted, want: 0", alone.count)
	}
}

// wait sends how a call's context stood when it ended, or at release.
func wait(call *detached, started *sync.WaitGroup, release chan struct{}, over chan error) {
	ended := make(chan struct{}, 2)
	context.AfterFunc(call.ctx, func() { ended <- struct{}{} })
	go func() {
		<-release
		ended <- struct{}{}
	}()
	started.Done()
	<-ended
	over <- call.ctx.Err()
}
