package exchange

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

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
		Pass(req.Context(), http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Link", "</style>")
			rw.WriteHeader(http.StatusEarlyHints)
			<-hinted // the client must have it before the answer
			rw.WriteHeader(200)
		}), rw, req, func(*Seen) bool { return true })
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
		Pass(req.Context(), next, rw, req, func(_ *Seen) bool { return true })
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
		Pass(req.Context(), next, rw, req, func(_ *Seen) bool { return true })
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
