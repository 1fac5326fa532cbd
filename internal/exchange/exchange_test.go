package exchange

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// pass sends one request through Pass in front of next, and returns what the
// client and what the observer got.
func pass(next http.HandlerFunc, req *http.Request) (*httptest.ResponseRecorder, []*Seen) {
	recorder := httptest.NewRecorder()
	observer := &observer{}
	passTo(next, recorder, req, observer)
	return recorder, observer.seen
}

func passTo(next http.HandlerFunc, rw http.ResponseWriter, req *http.Request, observer *observer) {
	defer func() {
		observer.panicked = fmt.Sprint(recover())
	}()
	Pass(next, rw, req, observer.see)
}

type observer struct {
	seen     []*Seen
	panicked string
}

func (o *observer) see(seen *Seen) { o.seen = append(o.seen, seen) }

func post(body string) *http.Request {
	req := httptest.NewRequest("POST", "/signup", strings.NewReader(body))
	req.Header.Set("Accept-Encoding", "gzip, zstd")
	return req
}

func TestAnswers(t *testing.T) {
	big := strings.Repeat("x", maxAnswer)
	tests := []struct {
		desc   string
		next   http.HandlerFunc
		status int
		body   string
		answer string // what is seen of it; - if nothing
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
			desc:   "a status without a body",
			next:   func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(204) },
			status: 204, body: "", answer: "",
		},
		{
			desc:   "nothing at all",
			next:   func(_ http.ResponseWriter, _ *http.Request) {},
			status: 200, body: "", answer: "-",
		},
		{
			desc: "the first status counts",
			next: func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(200)
				rw.WriteHeader(500)
			},
			status: 200, body: "", answer: "",
		},
		{
			desc: "a refusal passes unseen",
			next: func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(403)
				_, _ = io.WriteString(rw, "no")
			},
			status: 403, body: "no", answer: "-",
		},
		{
			desc:   "as much as is held",
			next:   func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, big) },
			status: 200, body: big, answer: big,
		},
		{
			desc:   "more in one piece: its beginning is seen",
			next:   func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, big+"y") },
			status: 200, body: big + "y", answer: big[:firstAnswer],
		},
		{
			desc: "more in many pieces: what was held is seen",
			next: func(rw http.ResponseWriter, _ *http.Request) {
				for i := 0; i < 33; i++ {
					_, _ = io.WriteString(rw, big[:maxAnswer/32])
				}
			},
			status: 200, body: big + big[:maxAnswer/32], answer: big,
		},
	}
	for _, test := range tests {
		got, seen := pass(test.next, post("{}"))
		if got.Code != test.status || got.Body.String() != test.body {
			t.Errorf("%s: got: %d and %d bytes, want: %d and %d bytes", test.desc, got.Code, got.Body.Len(), test.status, len(test.body))
		}
		answer := "-"
		if len(seen) > 0 {
			answer = string(seen[0].Answer)
		}
		if len(seen) > 1 || answer != test.answer {
			t.Errorf("%s: seen: %d times, %.50s (%d bytes), want: %.50s (%d bytes)", test.desc, len(seen), answer, len(answer), test.answer, len(test.answer))
		}
		if free(answers) != maxTotal || free(bodies) != maxTotal {
			t.Errorf("%s: memory was not given back: %d %d", test.desc, free(answers), free(bodies))
		}
	}
}

func free(b *budget) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.free
}

func TestHeaders(t *testing.T) {
	recorder := httptest.NewRecorder()
	recorder.Header().Set("Outer", "1")
	next := func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Add("Set-Cookie", "a")
		rw.Header().Add("Set-Cookie", "b")
		rw.Header().Set("Trailer", "Sum")
		rw.WriteHeader(200)
		rw.Header().Set("Late", "1")
		_, _ = io.WriteString(rw, "x")
		rw.Header().Set("Sum", "42")
	}
	observer := &observer{}
	passTo(next, recorder, post("{}"), observer)
	sent := recorder.Result().Header
	if fmt.Sprint(sent["Set-Cookie"]) != "[a b]" || sent.Get("Outer") != "1" {
		t.Errorf("got: %v", sent)
	}
	if sent.Get("Late") != "" || sent.Get("Sum") != "" {
		t.Errorf("headers of another time were sent: %v", sent)
	}
	if recorder.Result().Trailer.Get("Sum") != "42" {
		t.Errorf("got: %v, want: the trailer", recorder.Result().Trailer)
	}
}

func TestEarlyHintsComeEarly(t *testing.T) {
	hinted := make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		Pass(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Link", "</style>")
			rw.WriteHeader(http.StatusEarlyHints)
			<-hinted // the client must have it before the answer
			rw.WriteHeader(200)
		}), rw, req, func(*Seen) {})
	}))
	defer server.Close()
	conn := dial(t, server)
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
	first := make([]byte, 12)
	_, err := io.ReadFull(conn, first)
	if err != nil || string(first) != "HTTP/1.1 103" {
		t.Errorf("got: %s %v, want: HTTP/1.1 103", first, err)
	}
	close(hinted)
	rest, _ := io.ReadAll(conn)
	if !strings.Contains(string(rest), "HTTP/1.1 200 OK") {
		t.Errorf("got: %s, want: the answer", rest)
	}
}

func TestRequest(t *testing.T) {
	body := strings.Repeat("0123456789abcdef", maxBody/16) + "more"
	var got *http.Request
	var read string
	next := func(rw http.ResponseWriter, req *http.Request) {
		got = req
		data, _ := io.ReadAll(req.Body)
		read = string(data)
		_ = req.Body.Close()
		_, _ = io.WriteString(rw, "{}")
	}
	req := post(body)
	_, seen := pass(next, req)
	if req.Header.Get("Accept-Encoding") != "gzip, zstd" {
		t.Errorf("the client's request was changed: %v", req.Header)
	}
	if got.Header.Get("Accept-Encoding") != "identity" || len(got.Header) != len(req.Header) {
		t.Errorf("got: %v, want: only another encoding", got.Header)
	}
	if got.URL != req.URL || got.ContentLength != req.ContentLength || got.Host != req.Host {
		t.Errorf("got: %v, want: a copy of %v", got, req)
	}
	if read != body {
		t.Errorf("got: %d bytes, want: %d", len(read), len(body))
	}
	if len(seen) != 1 || string(seen[0].Request) != body[:maxBody] {
		t.Errorf("kept: %d bytes, want: the first %d", len(seen[0].Request), maxBody)
	}
}

func TestNothingIsReadAhead(t *testing.T) {
	source := strings.NewReader("0123456789")
	req := httptest.NewRequest("POST", "/", io.NopCloser(source))
	_, seen := pass(func(rw http.ResponseWriter, req *http.Request) {
		_, _ = io.ReadFull(req.Body, make([]byte, 4))
		_, _ = io.WriteString(rw, "{}")
	}, req)
	if source.Len() != 6 || string(seen[0].Request) != "0123" {
		t.Errorf("got: %d left and %q kept, want: 6 and 0123", source.Len(), seen[0].Request)
	}
}

func TestAborts(t *testing.T) {
	tests := []struct {
		desc string
		next http.HandlerFunc
		body string
		seen int
	}{
		{
			desc: "at once",
			next: func(_ http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) },
		},
		{
			desc: "in the middle of a success",
			next: func(rw http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(rw, `{"na`)
				panic(http.ErrAbortHandler)
			},
			body: `{"na`, seen: 1,
		},
	}
	for _, test := range tests {
		recorder := httptest.NewRecorder()
		observer := &observer{}
		passTo(test.next, recorder, post("{}"), observer)
		if observer.panicked != fmt.Sprint(http.ErrAbortHandler) {
			t.Errorf("%s: got: %s, want: the panic to go on", test.desc, observer.panicked)
		}
		if recorder.Body.String() != test.body || len(observer.seen) != test.seen {
			t.Errorf("%s: got: %q, seen %d times, want: %q, %d times", test.desc, recorder.Body, len(observer.seen), test.body, test.seen)
		}
		if free(answers) != maxTotal || free(bodies) != maxTotal {
			t.Errorf("%s: memory was not given back", test.desc)
		}
	}
}

// TestAbortsArriveAsTheyCame has what a test recorder cannot show: what the
// client of a real server gets.
func TestAbortsArriveAsTheyCame(t *testing.T) {
	tests := []struct {
		desc   string
		length string
		want   string // what the client must get of it
	}{
		{desc: "an answer in chunks", want: `{"na`},
		{desc: "an answer of a known length", length: "100", want: ""},
	}
	for _, test := range tests {
		got := abortedAnswer(t, test.length)
		if !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}

// abortedAnswer is what a client gets of an answer that ends in an abort.
func abortedAnswer(t *testing.T, length string) string {
	t.Helper()
	var next http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		if length != "" {
			rw.Header().Set("Content-Length", length)
		}
		_, _ = io.WriteString(rw, `{"na`)
		panic(http.ErrAbortHandler)
	})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		Pass(next, rw, req, func(_ *Seen) {})
	}))
	defer server.Close()
	conn := dial(t, server)
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
	got, _ := io.ReadAll(conn)
	return string(got)
}

// TestTrailersThatNobodyAnnounced need an answer in chunks.
func TestTrailersThatNobodyAnnounced(t *testing.T) {
	var next http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(rw, "{}")
		rw.Header().Set(http.TrailerPrefix+"Sum", "42")
	})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		Pass(next, rw, req, func(_ *Seen) {})
	}))
	defer server.Close()
	res, err := http.Post(server.URL, "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if string(body) != "{}" || res.Trailer.Get("Sum") != "42" {
		t.Errorf("got: %q and %v, want: the trailer", body, res.Trailer)
	}
}

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
		call.end()
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

func TestLimitOfKeptBodies(t *testing.T) {
	all := []*body{}
	data := bytes.Repeat([]byte("x"), maxBody)
	kept := 0
	for i := 0; i < 600; i++ {
		one := newBody(io.NopCloser(bytes.NewReader(data)))
		all = append(all, one)
		_, _ = io.Copy(io.Discard, one)
		if len(one.kept.data) == maxBody {
			kept++
		}
	}
	if kept != maxTotal/maxBody {
		t.Errorf("got: %d kept, want: %d", kept, maxTotal/maxBody)
	}
	for _, one := range all {
		one.take()
	}
	if free(bodies) != maxTotal {
		t.Errorf("got: %d free, want: %d", free(bodies), maxTotal)
	}
}

func TestLimitOfHeldAnswers(t *testing.T) {
	piece := strings.Repeat("x", maxBody)
	all := []*answer{}
	looked := &observer{}
	for i := 0; i < 60; i++ {
		one := newAnswer(httptest.NewRecorder(), nil, looked.see)
		all = append(all, one)
		for written := 0; written < maxAnswer; written += len(piece) {
			_, _ = io.WriteString(one, piece)
		}
	}
	streamed := len(looked.seen)
	held := (maxTotal - reserve) / maxAnswer
	if streamed != 60-held {
		t.Errorf("got: %d streamed, want: %d", streamed, 60-held)
	}
	for _, seen := range looked.seen {
		if len(seen.Answer) != firstAnswer {
			t.Fatalf("got: %d bytes of a streamed answer, want: %d", len(seen.Answer), firstAnswer)
		}
	}
	small := newAnswer(httptest.NewRecorder(), nil, looked.see)
	_, _ = io.WriteString(small, "{}")
	if small.passes {
		t.Error("a small answer is not held any more")
	}
	small.finish(false)
	for _, one := range all {
		one.finish(false)
	}
	if free(answers) != maxTotal || len(looked.seen) != 61 {
		t.Errorf("got: %d free and %d seen, want: %d and 61", free(answers), len(looked.seen), maxTotal)
	}
}

func TestKeptInSmallPieces(t *testing.T) {
	one := newBody(io.NopCloser(strings.NewReader(strings.Repeat("x", maxBody+1))))
	_, _ = io.Copy(io.Discard, slowly{one})
	if len(one.kept.data) != maxBody || maxTotal-free(bodies) != maxBody {
		t.Errorf("got: %d kept, %d taken, want: %d", len(one.kept.data), maxTotal-free(bodies), maxBody)
	}
	one.take()
}

// slowly reads a few bytes at a time.
type slowly struct{ inner io.Reader }

func (s slowly) Read(p []byte) (int, error) {
	n, err := s.inner.Read(p[:16])
	return n, err
}
