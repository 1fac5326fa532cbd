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
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// judgedAt is the time at which answers are judged.
var judgedAt = time.Unix(1767225600, 0)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "Backoff":
		failures, _ := strconv.Atoi(args[0])
		wish, _ := strconv.Atoi(args[1])
		return strconv.FormatInt(int64(Backoff(failures, time.Duration(wish))), 10)
	case "retryAfter":
		return fmt.Sprint(retryAfter(args[0], judgedAt))
	case "verdictOf":
		status, _ := strconv.Atoi(args[0])
		return strconv.Itoa(int(verdictOf(status)))
	case "explainStatus":
		status, _ := strconv.Atoi(args[0])
		return explainStatus(status)
	case "explainError":
		return explainError(judgedError(args[0], args[1]), time.Second)
	case "judge":
		return judgeAnswer(args)
	case "Post":
		return judgePost(args)
	}
	return "no function " + name
}

func judgeAnswer(args []string) string {
	status, _ := strconv.Atoi(args[0])
	header := http.Header{}
	header.Set("Retry-After", args[1])
	outcome := judge(&http.Response{StatusCode: status, Header: header}, judgedAt)
	return describe(outcome)
}

func describe(outcome *Outcome) string {
	return fmt.Sprint(int(outcome.Verdict), outcome.Status, outcome.Wait, outcome.Reason)
}

// judgedError is an error of that kind, as the standard library makes them.
func judgedError(kind, text string) error {
	inner := errors.New(text)
	switch kind {
	case "dns":
		return &net.DNSError{Err: text, Name: "example.invalid"}
	case "dns timeout":
		return &net.DNSError{Err: text, IsTimeout: true}
	case "wrapped dns":
		return &url.Error{Op: "Post", URL: "http://example.invalid", Err: &net.OpError{Op: "dial", Err: &net.DNSError{Err: text}}}
	case "deadline":
		return &url.Error{Op: "Post", URL: "http://example.invalid", Err: context.DeadlineExceeded}
	case "canceled":
		return &url.Error{Op: "Post", URL: "http://example.invalid", Err: context.Canceled}
	case "timeout":
		return &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}
	case "refused":
		return &url.Error{Op: "Post", URL: "http://example.invalid", Err: &net.OpError{Op: "dial", Err: errors.New("connect: connection refused")}}
	case "unreachable":
		return &net.OpError{Op: "dial", Err: errors.New("connect: network is unreachable")}
	case "no route":
		return &net.OpError{Op: "dial", Err: errors.New("connect: no route to host")}
	case "proxy":
		return &url.Error{Op: "Post", URL: "http://example.invalid", Err: &net.OpError{Op: "proxyconnect", Err: inner}}
	case "record":
		return &url.Error{Op: "Post", URL: "http://example.invalid", Err: tls.RecordHeaderError{Msg: text}}
	case "plain http":
		return errors.New("http: server gave HTTP response to HTTPS client")
	case "verification":
		return &url.Error{Op: "Post", URL: "http://example.invalid", Err: &tls.CertificateVerificationError{Err: inner}}
	case "authority":
		return x509.UnknownAuthorityError{}
	case "hostname":
		return &url.Error{Op: "Post", URL: "http://example.invalid", Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: text}}
	case "eof":
		return io.ErrUnexpectedEOF
	case "wrapped":
		return fmt.Errorf("%s: %w", text, io.EOF)
	}
	return inner
}

// judgedTransport answers with an error, where it has one, or a status.
type judgedTransport struct {
	failure    error
	status     int
	retryAfter string
	seen       string
}

func (t *judgedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	t.seen = fmt.Sprintf("%s %s %s %v %q", req.Method, req.URL, req.Host, req.Header, body)
	if t.failure != nil {
		return nil, t.failure
	}
	header := http.Header{}
	header.Set("Retry-After", t.retryAfter)
	header.Set("Location", "http://elsewhere.invalid/")
	var answer io.ReadCloser = io.NopCloser(strings.NewReader("an answer"))
	return &http.Response{StatusCode: t.status, Header: header, Body: answer, Request: req}, nil
}

// judgePost takes a kind of error or none, a text, a status, a Retry-After,
// a path and a body.
func judgePost(args []string) string {
	fake := &judgedTransport{retryAfter: args[3]}
	fake.status, _ = strconv.Atoi(args[2])
	if args[0] != "" {
		fake.failure = judgedError(args[0], args[1])
	}
	var transport http.RoundTripper = fake
	client := NewClient(transport)
	target := &url.URL{Scheme: "http", Host: "example.invalid", Path: args[4]}
	header := http.Header{}
	header.Set("Host", "other.invalid")
	header.Set("Content-Type", "text/plain")
	outcome := Post(client, target, header, []byte(args[5]), time.Minute)
	return describe(outcome) + "\n" + fake.seen
}
