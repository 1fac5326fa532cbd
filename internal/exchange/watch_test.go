package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// watch sends one request through Watch in front of next.
func watch(next http.HandlerFunc, req *http.Request, keepsBody bool) (*httptest.ResponseRecorder, *observer) {
	recorder := httptest.NewRecorder()
	observer := &observer{}
	watchTo(next, recorder, req, keepsBody, observer)
	return recorder, observer
}

func watchTo(next http.HandlerFunc, rw http.ResponseWriter, req *http.Request, keepsBody bool, observer *observer) {
	defer func() {
		observer.panicked = fmt.Sprint(recover())
	}()
	Watch(req.Context(), next, rw, req, keepsBody, observer.see)
}

func TestWatchedAnswers(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	tests := []struct {
		desc     string
		next     http.HandlerFunc
		status   int
		body     string
		answer   string // what is seen of it; - if nothing
		panicked string
	}{
		{
			desc: "a success is seen whole",
			next: func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(201)
				_, _ = io.WriteString(rw, "one ")
				_, _ = io.WriteString(rw, "two")
			},
			status: 201, body: "one two", answer: "one two",
		},
		{
			desc:   "without a status it is 200",
			next:   func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "x") },
			status: 200, body: "x", answer: "x",
		},
		{
			desc:   "without a body nothing is",
			next:   func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(204) },
			status: 204, answer: "-",
		},
		{
			desc:   "nothing at all",
			next:   func(_ http.ResponseWriter, _ *http.Request) {},
			status: 200, answer: "-",
		},
		{
			desc: "a refusal passes unseen",
			next: func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(401)
				_, _ = io.WriteString(rw, big)
			},
			status: 401, body: big, answer: "-",
		},
		{
			desc:   "as much as is kept",
			next:   func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, big[:firstAnswer]) },
			status: 200, body: big[:firstAnswer], answer: big[:firstAnswer],
		},
		{
			desc:   "more in one piece",
			next:   func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, big) },
			status: 200, body: big, answer: big[:firstAnswer],
		},
		{
			desc: "more in many pieces",
			next: func(rw http.ResponseWriter, _ *http.Request) {
				for i := 0; i < 1024; i++ {
					_, _ = io.WriteString(rw, big[:1000])
				}
			},
			status: 200, body: big[:1024000], answer: big[:firstAnswer],
		},
		{
			desc: "an aborted one goes its way",
			next: func(rw http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(rw, "beginning")
				panic(http.ErrAbortHandler)
			},
			status: 200, body: "beginning", answer: "beginning", panicked: http.ErrAbortHandler.Error(),
		},
	}
	for _, test := range tests {
		got, observer := watch(test.next, post("{}"), true)
		if got.Code != test.status || got.Body.String() != test.body {
			t.Errorf("%s: got: %d and %d bytes, want: %d and %d bytes", test.desc, got.Code, got.Body.Len(), test.status, len(test.body))
		}
		answer := "-"
		if len(observer.seen) > 0 {
			answer = string(observer.seen[0].Answer)
		}
		if len(observer.seen) > 1 || answer != test.answer {
			t.Errorf("%s: seen: %d times, %.50s (%d bytes), want: %.50s (%d bytes)", test.desc, len(observer.seen), answer, len(answer), test.answer, len(test.answer))
		}
		panicked := test.panicked
		if panicked == "" {
			panicked = "<nil>"
		}
		if observer.panicked != panicked {
			t.Errorf("%s: got: %s, want: %s", test.desc, observer.panicked, panicked)
		}
		if free(answers) != maxTotal || free(bodies) != maxTotal {
			t.Errorf("%s: memory was not given back: %d %d", test.desc, free(answers), free(bodies))
		}
	}
}

// The first piece is seen as soon as the client has it, and nothing is kept if
// that was enough.
func TestFirstPieces(t *testing.T) {
	big := strings.Repeat("x", firstAnswer+1)
	tests := []struct {
		desc   string
		status int
		pieces []string
		enough bool
		early  []string
		seen   []string
		long   bool
	}{
		{desc: "enough", status: 200, pieces: []string{"one ", "two"}, enough: true, early: []string{"one "}},
		{desc: "not enough", status: 200, pieces: []string{"one ", "two"}, early: []string{"one "}, seen: []string{"one two"}},
		{desc: "a large one, enough", status: 200, pieces: []string{big}, enough: true, early: []string{big[:firstAnswer]}},
		{desc: "a large one, not enough", status: 200, pieces: []string{big, "more"}, early: []string{big[:firstAnswer]}, seen: []string{big[:firstAnswer]}, long: true},
		{desc: "an empty one", status: 200, pieces: []string{"", "x"}, early: []string{""}, seen: []string{"x"}},
		{desc: "a refusal", status: 401, pieces: []string{"no"}, enough: true},
		{desc: "none", status: 200},
	}
	for _, test := range tests {
		observer := &observer{enough: test.enough}
		kept := 0
		next := func(rw http.ResponseWriter, _ *http.Request) {
			rw.WriteHeader(test.status)
			for _, piece := range test.pieces {
				_, _ = io.WriteString(rw, piece)
			}
			kept = maxTotal - free(answers)
		}
		var rw http.ResponseWriter = httptest.NewRecorder()
		watchTo(next, rw, post("{}"), false, observer)
		seen := []string(nil)
		for _, s := range observer.seen {
			seen = append(seen, string(s.Answer))
			if s.Long != test.long {
				t.Errorf("%s: got: long %t, want: %t", test.desc, s.Long, test.long)
			}
		}
		if !reflect.DeepEqual(observer.early, test.early) || !reflect.DeepEqual(seen, test.seen) {
			t.Errorf("%s: got: %.50q and %.50q, want: %.50q and %.50q", test.desc, observer.early, seen, test.early, test.seen)
		}
		if test.enough && kept > 0 {
			t.Errorf("%s: got: %d bytes kept, want: none", test.desc, kept)
		}
	}
}

// Nothing is held: the client has a piece before the next one is written.
func TestWatchedAnswersStream(t *testing.T) {
	client := &noting{header: http.Header{}}
	next := func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(103)
		rw.Header().Set("Content-Type", "a/b")
		for i := 0; i < 3; i++ {
			n, err := rw.Write([]byte("piece"))
			client.notes = append(client.notes, fmt.Sprint(n, err))
		}
	}
	observer := &observer{}
	var rw http.ResponseWriter = client
	watchTo(next, rw, post("{}"), false, observer)
	got := strings.Join(client.notes, ", ")
	want := "status 103, written, 5 <nil>, written, 5 <nil>, written, 2 lost"
	if got != want {
		t.Errorf("got: %s, want: %s", got, want)
	}
	if len(observer.seen) != 1 || observer.seen[0].ContentType != "a/b" {
		t.Errorf("got: %v, want: the header of the answer", observer.seen)
	}
}

// noting is a client that hangs up in the third piece.
type noting struct {
	header http.Header
	notes  []string
	pieces int
}

func (n *noting) Header() http.Header { return n.header }

func (n *noting) WriteHeader(status int) {
	n.notes = append(n.notes, fmt.Sprint("status ", status))
}

func (n *noting) Write(p []byte) (int, error) {
	n.notes = append(n.notes, "written")
	n.pieces++
	if n.pieces == 3 {
		return 2, errors.New("lost")
	}
	size := len(p)
	return size, nil
}

func TestWatchedRequests(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	req := post("{\"password\":\"x\"}").WithContext(ctx)
	encoding := ""
	ended := false
	next := func(rw http.ResponseWriter, inner *http.Request) {
		encoding = inner.Header.Get("Accept-Encoding")
		_, _ = io.Copy(io.Discard, inner.Body)
		cancel()
		<-inner.Context().Done() // with the client's
		ended = true
		_, _ = io.WriteString(rw, "x")
	}
	for _, keeps := range []bool{true, false} {
		_, observer := watch(next, req, keeps)
		if encoding != "identity" || !ended || req.Header.Get("Accept-Encoding") != "gzip, zstd" {
			t.Errorf("got: %q, %t, %q, want: identity for the next alone", encoding, ended, req.Header.Get("Accept-Encoding"))
		}
		kept := ""
		if len(observer.seen) > 0 {
			kept = string(observer.seen[0].Request)
		}
		if strings.Contains(kept, "password") != keeps {
			t.Errorf("got: %q, want it kept: %t", kept, keeps)
		}
	}
}

// Answers that are only looked at leave room for those of sign-ups.
func TestWatchedAnswersLeaveRoom(t *testing.T) {
	taken := maxTotal - reserve
	if !takeFrom(answers, taken, 0) {
		t.Fatal("no room")
	}
	defer giveBack(answers, taken)
	large := strings.Repeat("x", uncounted+1)
	_, observer := watch(func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, large) }, post("{}"), false)
	if len(observer.seen) != 0 {
		t.Error("got: kept, want: room left for sign-ups")
	}
	_, observer = watch(func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "{}") }, post("{}"), false)
	if len(observer.seen) != 1 {
		t.Error("got: a small one unseen, want: seen, for it is not counted")
	}
	_, seen := pass(func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "{}") }, post("{}"))
	if len(seen) != 1 {
		t.Error("got: a sign-up unseen, want: seen")
	}
	_ = tally.Reset(unseen)
}
