// Package delivery makes one try at a time: it posts a notice, says what the
// answer means, how long to wait after it, and what an administrator should
// check. It keeps nothing from one try to the next.
package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"time"
)

// maxAnswer is how much of a receiver's answer is read.
const maxAnswer = 64 << 10

// Verdict is what an answer means for the notice.
type Verdict int

// The verdicts. The first is no verdict: the zero value must not pass for one.
const (
	Undecided Verdict = iota
	Delivered
	Later // the receiver cannot take it now
	Hold  // the URL or its key is wrong, or the receiver is just starting
	Aside // this notice is refused
)

// Outcome is how a try ended.
type Outcome struct {
	Verdict    Verdict
	Alone      bool          // it may be about this notice alone
	Unanswered bool          // it went out whole, so it may have arrived
	Unsent     bool          // there was no try, for want of a secret
	Status     int           // of the answer; 0 without one
	Wait       time.Duration // what the receiver asked for; 0 if nothing
	Place      string        // the receiver's scheme and host, which may be shown
	Reason     string        // for the log: what happened and what to check; no secret
}

// Request is what a try sends, and what it wants to be answered.
type Request struct {
	Target  *url.URL
	Header  http.Header // Host is sent as the request's host
	Body    []byte
	Timeout time.Duration // of the whole try
	Success Success
}

// NewClient gives a client that makes tries through a transport; nil takes
// one of its own. Redirects are not followed: Go would turn the POST into a
// GET that succeeds, and send the secret URL along as Referer.
func NewClient(transport http.RoundTripper) *http.Client {
	if transport == nil {
		transport = newTransport()
	}
	return &http.Client{Transport: transport, CheckRedirect: keepRedirect}
}

// newTransport is Go's own transport, apart from the one that Traefik uses,
// with a short memory. It honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as Go
// itself does SSL_CERT_FILE and SSL_CERT_DIR.
func newTransport() *http.Transport {
	preset, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return &http.Transport{Proxy: http.ProxyFromEnvironment}
	}
	transport := preset.Clone()
	transport.MaxIdleConns = 16
	transport.MaxIdleConnsPerHost = 1
	transport.IdleConnTimeout = 30 * time.Second
	transport.OnProxyConnectResponse = checkProxy
	return transport
}

// errProxy says that a proxy did not let a request through.
var errProxy = errors.New("the proxy answered")

// verdictOfProxy goes by the same table as that of a receiver. None of a proxy's
// answers means a delivery.
func verdictOfProxy(text string) Verdict {
	status := 0
	_, _ = fmt.Sscanf(strings.TrimPrefix(text, errProxy.Error()), "%d", &status)
	verdict := verdictOf(status)
	if verdict == Hold {
		return Hold
	}
	return Later
}

// checkProxy keeps the status of a proxy that refuses, of which Go's own error
// has the words alone.
func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	return fmt.Errorf("%w %d %s", errProxy, res.StatusCode, http.StatusText(res.StatusCode))
}

func keepRedirect(_ *http.Request, _ []*http.Request) error {
	return http.ErrUseLastResponse
}

// Post makes one try.
func Post(client *http.Client, request *Request) *Outcome {
	ctx, cancel := context.WithTimeout(context.Background(), request.Timeout)
	defer cancel()
	sent := &sending{mu: &sync.Mutex{}}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: sent.wrote})
	target := request.Target.String()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(request.Body))
	if err != nil {
		return impossible()
	}
	req.Header = request.Header
	host := request.Header.Get("Host")
	if host != "" {
		req.Host = host
	}
	res, err := client.Do(req)
	if err != nil {
		return unanswered(err, request.Timeout, sent)
	}
	return answered(res, request)
}

// impossible is the outcome where there is no request. The error's text would
// hold the URL.
func impossible() *Outcome {
	return &Outcome{Verdict: Hold, Reason: "no request can be made for that URL. " + adviceURL}
}

// answered is the outcome of a try that got an answer.
func answered(res *http.Response, request *Request) *Outcome {
	defer res.Body.Close()
	// Read to its end, the connection can be used again.
	answer, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return judge(res.StatusCode, res.Header, answer, request.Success, time.Now())
}

// unanswered is the outcome of a try that got no answer, or none that Go takes
// for one.
func unanswered(err error, timeout time.Duration, sent *sending) *Outcome {
	text := withoutURL(err).Error()
	if strings.HasPrefix(text, noLocation) {
		return &Outcome{Verdict: Hold, Alone: true, Reason: "it answered with a redirect that leads nowhere. " + adviceRedirect}
	}
	if errors.Is(err, errProxy) {
		return &Outcome{Verdict: verdictOfProxy(text), Reason: explainError(err, timeout)}
	}
	return &Outcome{
		Verdict:    Later,
		Unanswered: sent.whole(),
		Reason:     explainError(err, timeout),
	}
}

// noLocation begins what Go says of a redirect to what is no URL. It looks at
// that before it asks whether to follow; the rest is the receiver's to choose.
const noLocation = "failed to parse Location header"

// withoutURL is an error without the URL that Go puts before it.
func withoutURL(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}

// sending remembers whether a request was written whole. The transport tells
// it from a goroutine of its own.
type sending struct {
	mu   *sync.Mutex
	done bool
}

func (s *sending) wrote(info httptrace.WroteRequestInfo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = info.Err == nil
}

func (s *sending) whole() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}
