package exchange

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
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
	Pass(req.Context(), next, rw, req, observer.see)
}

type observer struct {
	enough   bool     // the first piece says all
	early    []string // the first pieces
	seen     []*Seen
	panicked string
}

func (o *observer) see(seen *Seen) bool {
	if seen.Early {
		o.early = append(o.early, string(seen.Answer))
		return o.enough
	}
	o.seen = append(o.seen, seen)
	return true
}

func post(body string) *http.Request {
	req := httptest.NewRequest("POST", "/signup", strings.NewReader(body))
	req.Header.Set("Accept-Encoding", "gzip, zstd")
	return req
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

// dial opens a bare connection, which no test waits for longer than a minute.
func dial(t *testing.T, server *httptest.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	return conn
}
