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
	"net/http/httptrace"
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
	case "mayBeAlone":
		status, _ := strconv.Atoi(args[0])
		return strconv.FormatBool(mayBeAlone(status))
	case "askedFor":
		header := http.Header{}
		header.Set("Retry-After", args[0])
		return askedFor(header, []byte(args[1]), judgedAt).String()
	case "missing":
		success := judgedSuccess(args[0], args[1])
		problem, slow := missing(success, []byte(args[2]))
		return fmt.Sprint(problem, slow)
	case "judge":
		return judgeAnswer(args)
	case "Post":
		return judgePost(args)
	case "WebhookID":
		return WebhookID(args[0], args[1])
	case "Sign":
		return judgeSign(args)
	}
	return "no function " + name
}

// judgedSuccess takes a text and the paths of codes, separated by blanks; two
// codes ask for fewer notices.
func judgedSuccess(contains, codes string) Success {
	return Success{Contains: contains, Codes: strings.Fields(codes), Slow: []int64{1, 45009}, Refused: contains}
}

// judgeAnswer takes a status, a Retry-After, an answer and a Success.
func judgeAnswer(args []string) string {
	status, _ := strconv.Atoi(args[0])
	header := http.Header{}
	header.Set("Retry-After", args[1])
	success := judgedSuccess(args[3], args[4])
	outcome := judge(status, header, []byte(args[2]), success, judgedAt)
	return describe(outcome)
}

// judgeSign takes an id, the seconds of a time, a key and a body.
func judgeSign(args []string) string {
	seconds, _ := strconv.ParseInt(args[1], 10, 64)
	header := http.Header{}
	Sign(header, args[0], time.Unix(seconds, 0), []byte(args[2]), []byte(args[3]))
	return fmt.Sprint(header)
}

func describe(outcome *Outcome) string {
	return fmt.Sprint(int(outcome.Verdict), outcome.Alone, outcome.Unanswered, outcome.Status, outcome.Wait, outcome.Place, outcome.Reason)
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
	written    error // of the request
	status     int
	retryAfter string
	answer     string
	seen       string
}

func (t *judgedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	t.seen = fmt.Sprintf("%s %s %s %v %q", req.Method, req.URL, req.Host, req.Header, body)
	trace := httptrace.ContextClientTrace(req.Context())
	trace.WroteRequest(httptrace.WroteRequestInfo{Err: t.written})
	if t.failure != nil {
		return nil, t.failure
	}
	header := http.Header{}
	header.Set("Retry-After", t.retryAfter)
	header.Set("Location", "http://elsewhere.invalid/")
	var answer io.ReadCloser = io.NopCloser(strings.NewReader(t.answer))
	return &http.Response{StatusCode: t.status, Header: header, Body: answer, Request: req}, nil
}

// judgePost takes a kind of error or none, a text, a status, a Retry-After,
// a path, a body, an answer, what must be in it, and whether the request is
// written whole.
func judgePost(args []string) string {
	fake := &judgedTransport{retryAfter: args[3], answer: args[6]}
	fake.status, _ = strconv.Atoi(args[2])
	if args[0] != "" {
		fake.failure = judgedError(args[0], args[1])
	}
	if args[8] == "torn" {
		fake.written = io.ErrShortWrite
	}
	var transport http.RoundTripper = fake
	header := http.Header{}
	header.Set("Host", "other.invalid")
	header.Set("Content-Type", "text/plain")
	outcome := Post(NewClient(transport), &Request{
		Target:  &url.URL{Scheme: "http", Host: "example.invalid", Path: args[4]},
		Header:  header,
		Body:    []byte(args[5]),
		Timeout: time.Minute,
		Success: judgedSuccess(args[7], ""),
	})
	return describe(outcome) + "\n" + fake.seen
}
