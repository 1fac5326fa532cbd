// Package delivery makes one try at a time: it posts a notice, says what the
// answer means, how long to wait after it, and what an administrator should
// check. It keeps nothing from one try to the next.
package delivery

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
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
	Later   // the receiver cannot take anything now
	Refused // it may be about this notice alone: others go first
)

// Outcome is how a try ended.
type Outcome struct {
	Verdict Verdict
	Status  int           // of the answer; 0 without one
	Wait    time.Duration // what the receiver asked for; 0 if nothing
	Place   string        // the receiver's scheme and host, which may be shown
	Reason  string        // for the log: what happened and what to check; no secret
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
	return transport
}

func keepRedirect(_ *http.Request, _ []*http.Request) error {
	return http.ErrUseLastResponse
}

// Post makes one try, which takes timeout at the most. The header Host is
// sent as the request's host.
func Post(client *http.Client, target *url.URL, header http.Header, body []byte, timeout time.Duration) *Outcome {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(body))
	if err != nil {
		// The error's text holds the URL.
		return &Outcome{Verdict: Later, Reason: "no request can be made for that URL. " + adviceURL}
	}
	req.Header = header
	if header.Get("Host") != "" {
		req.Host = header.Get("Host")
	}
	res, err := client.Do(req)
	if err != nil {
		return &Outcome{Verdict: Later, Reason: explainError(err, timeout)}
	}
	defer res.Body.Close()
	// Read to its end, the connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer))
	return judge(res, time.Now())
}

// judge says what an answer means.
func judge(res *http.Response, now time.Time) *Outcome {
	outcome := &Outcome{Status: res.StatusCode}
	outcome.Verdict = verdictOf(res.StatusCode)
	if outcome.Verdict == Delivered {
		return outcome
	}
	outcome.Wait = retryAfter(res.Header.Get("Retry-After"), now)
	outcome.Reason = explainStatus(res.StatusCode)
	return outcome
}

// verdictOf is the table of answers. What a firewall or a flow says of one
// name must not hold up the others, so everything that is not plainly the
// receiver's own trouble counts as refused.
func verdictOf(status int) Verdict {
	if status >= 200 && status <= 299 {
		return Delivered
	}
	switch status {
	case 408, 425, 429, 502, 503, 504:
		return Later
	}
	return Refused
}
