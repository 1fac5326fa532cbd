package browser

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// client asks for nothing that a test does not: no compression above all.
var client = &http.Client{
	Timeout:   patience,
	Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 20},
}

// answer is what a client gets, its body read but not decoded.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request to a base URL, under a host's name where one is given.
func ask(ctx context.Context, method, base, host, path string, header http.Header, body []byte) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, base+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}

	req.Host = host
	if header != nil {
		req.Header = header.Clone()
	}

	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)

	return answer{status: res.StatusCode, header: res.Header, body: text}, err
}

// request posts JSON to a host at Traefik.
func (w *world) request(t *testing.T, host, path string, body []byte) answer {
	t.Helper()

	got, err := ask(wait.AtMost(t, patience), http.MethodPost, w.traefik.URL(), host, path, http.Header{"Content-Type": {"application/json"}}, body)
	if err != nil {
		t.Fatal(err)
	}

	return got
}
