package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestJudge(t *testing.T) {
	tests := []struct {
		status int
		want   Verdict
		check  string // what the reason must mention
	}{
		{status: 200, want: Delivered},
		{status: 202, want: Delivered},
		{status: 204, want: Delivered},
		{status: 301, want: Refused, check: "redirects are not followed"},
		{status: 307, want: Refused, check: "redirects are not followed"},
		{status: 400, want: Refused, check: "format"},
		{status: 401, want: Refused, check: "expired or revoked"},
		{status: 403, want: Refused, check: "firewall or proxy"},
		{status: 404, want: Refused, check: "still exists"},
		{status: 405, want: Refused, check: "still exists"},
		{status: 408, want: Later, check: "too slow"},
		{status: 410, want: Refused, check: "still exists"},
		{status: 418, want: Refused, check: "format"},
		{status: 422, want: Refused, check: "format"},
		{status: 425, want: Later, check: "overloaded"},
		{status: 429, want: Later, check: "fewer notices"},
		{status: 500, want: Refused, check: "own log"},
		{status: 502, want: Later, check: "own log"},
		{status: 503, want: Later, check: "own log"},
		{status: 504, want: Later, check: "own log"},
	}
	for _, test := range tests {
		got := judge(&http.Response{StatusCode: test.status, Header: http.Header{}}, now)
		if got.Verdict != test.want {
			t.Errorf("%d: got: %d, want: %d", test.status, int(got.Verdict), int(test.want))
		}
		if test.want != Delivered && !strings.Contains(got.Reason, fmt.Sprint(test.status)) {
			t.Errorf("%d: the reason does not name it: %q", test.status, got.Reason)
		}
		if !strings.Contains(got.Reason, test.check) {
			t.Errorf("%d: got: %q, want in it: %q", test.status, got.Reason, test.check)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		desc  string
		value string
		want  time.Duration
	}{
		{desc: "none", value: "", want: 0},
		{desc: "seconds", value: " 30 ", want: 30 * time.Second},
		{desc: "fractional seconds", value: "1.5", want: 1500 * time.Millisecond},
		{desc: "less than a second", value: "0.25", want: time.Second},
		{desc: "none at all", value: "0", want: time.Second},
		{desc: "negative", value: "-5", want: time.Second},
		{desc: "more than an hour", value: "86400", want: time.Hour},
		{desc: "more than fits", value: "1e300", want: time.Hour},
		{desc: "no number", value: "NaN", want: time.Second},
		{desc: "a date", value: now.Add(time.Minute).Format(http.TimeFormat), want: time.Minute},
		{desc: "a date gone by", value: now.Add(-time.Minute).Format(http.TimeFormat), want: time.Second},
		{desc: "a far date", value: now.Add(48 * time.Hour).Format(http.TimeFormat), want: time.Hour},
		{desc: "neither", value: "soon", want: 0},
	}
	for _, test := range tests {
		got := retryAfter(test.value, now)
		if got != test.want {
			t.Errorf("%s: got: %s, want: %s", test.desc, got, test.want)
		}
	}
}

func TestBackoff(t *testing.T) {
	tests := []struct {
		desc     string
		failures int
		wish     time.Duration
		least    time.Duration
		most     time.Duration
	}{
		{desc: "the first", failures: 1, least: time.Millisecond, most: 1001 * time.Millisecond},
		{desc: "the third", failures: 3, least: time.Millisecond, most: 4001 * time.Millisecond},
		{desc: "the tenth", failures: 10, least: time.Millisecond, most: 300001 * time.Millisecond},
		{desc: "one of many", failures: 1 << 30, least: time.Millisecond, most: 300001 * time.Millisecond},
		{desc: "the receiver's wish", failures: 5, wish: 42 * time.Second, least: 42 * time.Second, most: 42 * time.Second},
	}
	for _, test := range tests {
		longest := time.Duration(0)
		for i := 0; i < 200; i++ {
			got := Backoff(test.failures, test.wish)
			if got < test.least || got > test.most {
				t.Errorf("%s: got: %s, want: %s to %s", test.desc, got, test.least, test.most)
			}
			if got > longest {
				longest = got
			}
		}
		// Of 200 random ones, none in the upper half is as likely as 200 heads.
		if longest < test.most/2 {
			t.Errorf("%s: got: %s at the most of 200, want: more than half of %s", test.desc, longest, test.most)
		}
	}
}

func TestExplainError(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connect: connection refused")}
	proxy := &net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused}
	tests := []struct {
		desc  string
		err   error
		check string
	}{
		{desc: "unknown host", err: &net.DNSError{Err: "no such host", Name: "secret.example"}, check: "host name was not found"},
		{desc: "a timeout", err: context.DeadlineExceeded, check: "no answer within 10s"},
		{desc: "refused", err: refused, check: "refused the connection"},
		{desc: "unreachable", err: errors.New("connect: no route to host"), check: "network was not reached"},
		{desc: "a proxy", err: proxy, check: "proxy"},
		{desc: "an untrusted authority", err: x509.UnknownAuthorityError{}, check: "certificate"},
		{desc: "a certificate that was verified", err: &tls.CertificateVerificationError{Err: errors.New("expired")}, check: "certificate"},
		{desc: "another host's certificate", err: x509.HostnameError{Host: "secret", Certificate: &x509.Certificate{}}, check: "certificate"},
		{desc: "no TLS", err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, check: "does not speak TLS"},
		{desc: "HTTP on an https URL", err: errors.New("http: server gave HTTP response to HTTPS client"), check: "does not speak TLS"},
		{desc: "broken off", err: io.EOF, check: "broke off"},
	}
	for _, test := range tests {
		err := &url.Error{Op: "Post", URL: "https://hooks.example/secret", Err: test.err}
		got := explainError(err, 10*time.Second)
		if !strings.Contains(got, test.check) {
			t.Errorf("%s: got: %q, want in it: %q", test.desc, got, test.check)
		}
		if strings.Contains(got, "secret") {
			t.Errorf("%s: the reason holds a secret: %q", test.desc, got)
		}
	}
}

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

func TestPost(t *testing.T) {
	got := make(chan string, 1)
	target := receive(t, func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		got <- fmt.Sprint(req.Method, " ", req.URL.Path, " ", req.Host, " ", req.Header.Get("A"), " ", req.ContentLength, " ", string(body))
		rw.WriteHeader(http.StatusNoContent)
	})
	header := http.Header{"A": []string{"b"}, "Host": []string{"other.example"}}
	outcome := Post(NewClient(nil), target, header, []byte("Tim"), time.Minute)
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
	outcome := Post(NewClient(nil), target, http.Header{}, nil, time.Minute)
	if outcome.Verdict != Refused || outcome.Status != 302 {
		t.Errorf("got: %v, want: refused with 302", *outcome)
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

	outcome := Post(NewClient(nil), hanging, http.Header{}, nil, 50*time.Millisecond)
	if outcome.Verdict != Later || !strings.Contains(outcome.Reason, "no answer within 50ms") {
		t.Errorf("no answer: got: %v", *outcome)
	}
	outcome = Post(NewClient(nil), endless, http.Header{}, nil, 50*time.Millisecond)
	if outcome.Verdict != Delivered {
		t.Errorf("an answer without end: got: %v, want: delivered", *outcome)
	}
}

func TestPostToNobody(t *testing.T) {
	target := receive(t, func(http.ResponseWriter, *http.Request) {})
	server := httptest.NewServer(http.NotFoundHandler())
	closed, _ := url.Parse(server.URL)
	server.Close()
	outcome := Post(NewClient(nil), closed, http.Header{}, nil, time.Minute)
	if outcome.Verdict != Later || !strings.Contains(outcome.Reason, "refused the connection") {
		t.Errorf("a closed port: got: %v", *outcome)
	}

	target.Scheme = "https"
	outcome = Post(NewClient(nil), target, http.Header{}, nil, time.Minute)
	if outcome.Verdict != Later || !strings.Contains(outcome.Reason, "does not speak TLS") {
		t.Errorf("https on a port that speaks http: got: %v", *outcome)
	}
}
