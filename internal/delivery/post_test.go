package delivery

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// receive starts a receiver that answers with handler.
func receive(t *testing.T, handler http.HandlerFunc) *url.URL {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	target, err := url.Parse(server.URL + "/secret")
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func post(target *url.URL, header http.Header, body string, timeout time.Duration) *Outcome {
	request := &Request{Target: target, Header: header, Body: []byte(body), Timeout: timeout}
	return Post(NewClient(nil), request)
}

func TestPost(t *testing.T) {
	got := make(chan string, 1)
	target := receive(t, func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		got <- fmt.Sprint(req.Method, " ", req.URL.Path, " ", req.Host, " ", req.Header.Get("A"), " ", req.ContentLength, " ", string(body))
		rw.WriteHeader(http.StatusNoContent)
	})
	header := http.Header{"A": []string{"b"}, "Host": []string{"other.example"}}
	outcome := post(target, header, "Tim", time.Minute)
	if outcome.Verdict != Delivered || outcome.Status != 204 {
		t.Errorf("got: %v, want: delivered with 204", *outcome)
	}
	request := <-got
	want := "POST /secret other.example b 3 Tim"
	if request != want {
		t.Errorf("got: %q, want: %q", request, want)
	}
}

func TestPostFollowsNoRedirect(t *testing.T) {
	requests := make(chan string, 9)
	target := receive(t, func(rw http.ResponseWriter, req *http.Request) {
		requests <- req.URL.Path
		http.Redirect(rw, req, "/elsewhere", http.StatusFound)
	})
	outcome := post(target, http.Header{}, "", time.Minute)
	if outcome.Verdict != Hold || outcome.Status != 302 {
		t.Errorf("got: %v, want: hold with 302", *outcome)
	}
	if len(requests) != 1 {
		t.Errorf("got: %d requests, want: 1", len(requests))
	}
}

func TestPostTakesNoLongerThanItsTimeout(t *testing.T) {
	release := make(chan struct{})
	slow := func(rw http.ResponseWriter, _ *http.Request) { <-release }
	dripping := func(rw http.ResponseWriter, req *http.Request) {
		rw.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(rw).Flush()
		<-release
	}
	hanging := receive(t, slow)
	endless := receive(t, dripping)
	t.Cleanup(func() { close(release) })

	// Long enough for a busy machine to get the request out.
	const timeout = 2 * time.Second
	outcome := post(hanging, http.Header{}, "", timeout)
	if outcome.Verdict != Later || !outcome.Unanswered || !strings.Contains(outcome.Reason, "no answer within 2s") {
		t.Errorf("no answer: got: %v", *outcome)
	}
	outcome = post(endless, http.Header{}, "", timeout)
	if outcome.Verdict != Delivered {
		t.Errorf("an answer without end: got: %v, want: delivered", *outcome)
	}
}

func TestPostToNobody(t *testing.T) {
	target := receive(t, func(http.ResponseWriter, *http.Request) {})
	server := httptest.NewServer(http.NotFoundHandler())
	closed, _ := url.Parse(server.URL)
	server.Close()
	outcome := post(closed, http.Header{}, "", time.Minute)
	if outcome.Verdict != Later || outcome.Unanswered || !strings.Contains(outcome.Reason, "refused the connection") {
		t.Errorf("a closed port: got: %v", *outcome)
	}

	target.Scheme = "https"
	outcome = post(target, http.Header{}, "", time.Minute)
	if outcome.Verdict != Later || !strings.Contains(outcome.Reason, "does not speak TLS") {
		t.Errorf("https on a port that speaks http: got: %v", *outcome)
	}
}

// What reads a request and then breaks off may have taken the notice.
func TestPostThatBreaksOff(t *testing.T) {
	target := receive(t, func(_ http.ResponseWriter, req *http.Request) {
		_, _ = io.ReadAll(req.Body)
		panic(http.ErrAbortHandler)
	})
	outcome := post(target, http.Header{}, "Tim", time.Minute)
	if outcome.Verdict != Later || !outcome.Unanswered {
		t.Errorf("got: %v, want: later, and unanswered", *outcome)
	}
}

func TestPostToARedirectThatLeadsNowhere(t *testing.T) {
	for _, location := range []string{"http://[::1", "https://login.example/%zz", "http://x:port/", ":", "http://a b/connection refused"} {
		target := receive(t, func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Location", location)
			rw.WriteHeader(http.StatusFound)
		})
		outcome := post(target, http.Header{}, "Tim", time.Minute)
		if outcome.Verdict != Hold || !outcome.Alone || !strings.Contains(outcome.Reason, "redirect") || strings.Contains(outcome.Reason, "login.example") {
			t.Errorf("%s: got: %v, want: hold, and what to check", location, *outcome)
		}
	}
}

// A proxy's answer to CONNECT means what a receiver's would, but for a success.
func TestVerdictOfProxy(t *testing.T) {
	tests := map[int]Verdict{407: Hold, 403: Hold, 302: Hold, 400: Later, 429: Later, 502: Later, 204: Later}
	for status, want := range tests {
		err := checkProxy(context.Background(), nil, nil, &http.Response{StatusCode: status})
		got := verdictOfProxy(err.Error())
		if got != want {
			t.Errorf("%d: got: %v, want: %v", status, got, want)
		}
	}
}
