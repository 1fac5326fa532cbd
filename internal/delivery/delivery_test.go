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
		alone  bool
		check  string // what the reason must mention
	}{
		{status: 200, want: Delivered},
		{status: 202, want: Delivered},
		{status: 204, want: Delivered},
		{status: 299, want: Delivered},
		{status: 300, want: Hold, alone: true, check: "redirects are not followed"},
		{status: 301, want: Hold, alone: true, check: "redirects are not followed"},
		{status: 307, want: Hold, alone: true, check: "redirects are not followed"},
		{status: 400, want: Aside, alone: true, check: "format"},
		{status: 401, want: Hold, alone: true, check: "expired or revoked"},
		{status: 402, want: Aside, alone: true, check: "format"},
		{status: 403, want: Hold, alone: true, check: "firewall or proxy"},
		{status: 404, want: Hold, alone: true, check: "still exists"},
		{status: 405, want: Hold, alone: true, check: "the webhook's own"},
		{status: 407, want: Hold, alone: true, check: "HTTPS_PROXY"},
		{status: 408, want: Later, check: "too slow"},
		{status: 410, want: Hold, alone: true, check: "still exists"},
		{status: 413, want: Aside, alone: true, check: "how long a text"},
		{status: 418, want: Aside, alone: true, check: "format"},
		{status: 422, want: Aside, alone: true, check: "format"},
		{status: 425, want: Later, alone: true, check: "overloaded"},
		{status: 429, want: Later, check: "fewer notices"},
		{status: 499, want: Aside, alone: true, check: "format"},
		{status: 500, want: Later, alone: true, check: "own log"},
		{status: 501, want: Later, check: "own log"},
		{status: 502, want: Later, check: "gateway or proxy"},
		{status: 503, want: Later, check: "own log"},
		{status: 504, want: Later, check: "gateway or proxy"},
		{status: 599, want: Later, check: "own log"},
	}
	for _, test := range tests {
		got := judge(test.status, http.Header{}, nil, Success{}, now)
		if got.Verdict != test.want || got.Alone != test.alone {
			t.Errorf("%d: got: %d %t, want: %d %t", test.status, int(got.Verdict), got.Alone, int(test.want), test.alone)
		}
		if test.want != Delivered && !strings.Contains(got.Reason, fmt.Sprint(test.status)) {
			t.Errorf("%d: the reason does not name it: %q", test.status, got.Reason)
		}
		if !strings.Contains(got.Reason, test.check) {
			t.Errorf("%d: got: %q, want in it: %q", test.status, got.Reason, test.check)
		}
	}
}

func TestSuccess(t *testing.T) {
	codes := []string{"errcode", "StatusCode"}
	tests := []struct {
		desc    string
		success Success
		answer  string
		want    Verdict
		check   string
	}{
		{desc: "nothing is wanted", answer: "whatever", want: Delivered},
		{desc: "the text is there", success: Success{Contains: `"routed":true`}, answer: `{"routed":true}`, want: Delivered},
		{desc: "the text is not there", success: Success{Contains: `"routed":true`}, answer: `{"routed":false}`, want: Later, check: "answerContains"},
		{desc: "the code for success", success: Success{Codes: codes}, answer: `{"errcode":0,"errmsg":"ok"}`, want: Delivered},
		{desc: "the other code for success", success: Success{Codes: codes}, answer: `{"StatusCode":0}`, want: Delivered},
		{desc: "another code", success: Success{Codes: codes}, answer: `{"errcode":93000}`, want: Later, check: "the code 93000"},
		{desc: "a code for too many", success: Success{Codes: codes, Slow: []int64{1, 45009}}, answer: `{"errcode":45009}`, want: Later, check: "asks for fewer"},
		{desc: "a code that is a text", success: Success{Codes: codes}, answer: `{"errcode":"0"}`, want: Later, check: "no code"},
		{desc: "a code that is nothing", success: Success{Codes: codes}, answer: `{"errcode":null,"StatusCode":0}`, want: Later, check: "no code"},
		{desc: "a code that is nearly nothing", success: Success{Codes: codes}, answer: `{"errcode":0.5}`, want: Later, check: "the code 0.5"},
		{desc: "a code of many digits", success: Success{Codes: codes}, answer: `{"errcode":1` + strings.Repeat("0", 300) + `}`, want: Later, check: "the code 1" + strings.Repeat("0", 23) + "."},
		{desc: "half an answer", success: Success{Codes: codes}, answer: `{"errcode":0`, want: Later, check: "no code"},
		{desc: "no code", success: Success{Codes: codes}, answer: `{}`, want: Later, check: "no code"},
		{desc: "no JSON", success: Success{Codes: codes}, answer: `<html>`, want: Later, check: "no code"},
	}
	for _, test := range tests {
		got := judge(200, http.Header{}, []byte(test.answer), test.success, now)
		alone := test.want == Later && len(test.success.Slow) == 0
		if got.Verdict != test.want || got.Alone != alone {
			t.Errorf("%s: got: %d %t, want: %d %t", test.desc, int(got.Verdict), got.Alone, int(test.want), alone)
		}
		if !strings.Contains(got.Reason, test.check) {
			t.Errorf("%s: got: %q, want in it: %q", test.desc, got.Reason, test.check)
		}
	}
}

// A receiver's own advice is for a 400 alone.
func TestRefused(t *testing.T) {
	for _, status := range []int{400, 403} {
		got := judge(status, http.Header{}, nil, Success{Refused: "Ask Tim."}, time.Now())
		if strings.HasSuffix(got.Reason, adviceOf(status)+" Ask Tim.") != (status == 400) {
			t.Errorf("%d: got: %q, want: the receiver's advice for 400 alone", status, got.Reason)
		}
	}
}

func TestAskedFor(t *testing.T) {
	tests := []struct {
		desc   string
		header string
		answer string
		want   time.Duration
	}{
		{desc: "nothing", want: 0},
		{desc: "the header", header: "5", answer: "busy", want: 5 * time.Second},
		{desc: "Discord's fractions", header: "1", answer: `{"retry_after":64.57,"global":false}`, want: 64570 * time.Millisecond},
		{desc: "Telegram's", answer: `{"ok":false,"parameters":{"retry_after":7}}`, want: 7 * time.Second},
		{desc: "the header is longer", header: "90", answer: `{"retry_after":2}`, want: 90 * time.Second},
		{desc: "no number", answer: `{"retry_after":"soon"}`, want: 0},
		{desc: "no JSON", answer: `{"retry_after":64`, want: 0},
	}
	for _, test := range tests {
		header := http.Header{}
		if test.header != "" {
			header.Set("Retry-After", test.header)
		}
		got := askedFor(header, []byte(test.answer), now)
		if got != test.want {
			t.Errorf("%s: got: %s, want: %s", test.desc, got, test.want)
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
		{desc: "less than a second", value: "0.25", want: 0},
		{desc: "none at all", value: "0", want: 0},
		{desc: "negative", value: "-5", want: 0},
		{desc: "more than an hour", value: "86400", want: time.Hour},
		{desc: "more than fits", value: "1e300", want: time.Hour},
		{desc: "no number", value: "NaN", want: 0},
		{desc: "a date", value: now.Add(time.Minute).Format(http.TimeFormat), want: time.Minute},
		{desc: "a date gone by", value: now.Add(-time.Minute).Format(http.TimeFormat), want: 0},
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
	lost := &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "proxy.example", IsNotFound: true}}
	tests := []struct {
		desc  string
		err   error
		check string
	}{
		{desc: "unknown host", err: &net.DNSError{Err: "no such host", Name: "secret.example", IsNotFound: true}, check: "its host name was not found"},
		{desc: "no name server", err: &net.DNSError{Err: "server misbehaving", Name: "secret.example"}, check: "could not be looked up"},
		{desc: "a timeout", err: context.DeadlineExceeded, check: "no answer within 10s"},
		{desc: "refused", err: refused, check: "refused the connection"},
		{desc: "unreachable", err: errors.New("connect: no route to host"), check: "network was not reached"},
		{desc: "reset", err: errors.New("read: connection reset by peer"), check: "reset the connection"},
		{desc: "reset while writing", err: errors.New("write: broken pipe"), check: "reset the connection"},
		{desc: "a proxy that is down", err: proxy, check: "the proxy was not reached"},
		{desc: "a proxy whose name is wrong", err: lost, check: "the proxy was not reached"},
		{desc: "a proxy that refuses", err: checkProxy(context.Background(), nil, nil, &http.Response{StatusCode: 407}), check: "the proxy answered 407 Proxy Authentication Required"},
		{desc: "an untrusted authority", err: x509.UnknownAuthorityError{}, check: "unknown here"},
		{desc: "an expired certificate", err: &tls.CertificateVerificationError{Err: errors.New("x509: certificate has expired or is not yet valid: ")}, check: "has expired"},
		{desc: "another wrong certificate", err: &tls.CertificateVerificationError{Err: errors.New("x509: too many intermediates")}, check: "not trusted here"},
		{desc: "another host's certificate", err: x509.HostnameError{Host: "secret", Certificate: &x509.Certificate{}}, check: "another host name"},
		{desc: "no TLS", err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, check: "does not speak TLS"},
		{desc: "HTTP on an https URL", err: errors.New("http: server gave HTTP response to HTTPS client"), check: "does not speak TLS"},
		{desc: "TLS on an http URL", err: errors.New("malformed HTTP response \"\\x15\\x03\""), check: "does not speak HTTP"},
		{desc: "no handshake", err: errors.New("remote error: tls: certificate required"), check: "TLS handshake failed"},
		{desc: "broken off", err: io.EOF, check: "broke off"},
	}
	for _, test := range tests {
		err := &url.Error{Op: "Post", URL: "https://unreachable.example/secret-proxyconnect", Err: test.err}
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

	outcome := post(hanging, http.Header{}, "", 50*time.Millisecond)
	if outcome.Verdict != Later || !outcome.Unanswered || !strings.Contains(outcome.Reason, "no answer within 50ms") {
		t.Errorf("no answer: got: %v", *outcome)
	}
	outcome = post(endless, http.Header{}, "", 50*time.Millisecond)
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
