package scenario

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// client asks for nothing that a test does not: no compression above all.
var client = &http.Client{
	Timeout:   patience,
	Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 100},
}

// answer is what a client gets, its body read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request to a host at Traefik.
func (p *proxy) do(ctx context.Context, method, host, path string, body io.Reader, header http.Header) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, p.URL()+path, body)
	if err != nil {
		return answer{}, err
	}

	req.Host = host
	if header != nil {
		req.Header = header
	}

	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)

	return answer{status: res.StatusCode, header: res.Header, body: text}, err
}

// trySignUp signs somebody up, as the page does.
func (p *proxy) trySignUp(ctx context.Context, host, name string) (answer, error) {
	body := webui.SignUpBody(name, webui.EmailOf(name))

	got, err := p.do(ctx, http.MethodPost, host, webui.SignUpPath, bytes.NewReader(body), http.Header{"Content-Type": {"application/json"}})
	if err == nil && got.status != http.StatusOK {
		err = fmt.Errorf("signing %s up: %d %.200s", name, got.status, got.body)
	}

	return got, err
}

// signUp signs somebody up, which must succeed.
func (p *proxy) signUp(t *testing.T, host, name string) answer {
	t.Helper()

	got, err := p.trySignUp(t.Context(), host, name)
	if err != nil {
		t.Fatal(err)
	}

	return got
}

// signUpRequest is a sign-up as it goes over the wire.
func signUpRequest(host, path, name string) string {
	return webui.SignUpRequest(host, path, name, webui.EmailOf(name))
}

// raw sends bytes to an address and returns all that comes back until the
// connection ends.
func raw(t *testing.T, addr, request string) string {
	t.Helper()

	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()

	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}

	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}

	text, err := io.ReadAll(conn)
	// A connection that is reset has an end too.
	if err != nil && isTimeout(err) {
		t.Fatalf("no end of the answer after %v: %q", patience, clip(string(text)))
	}

	return string(text)
}

func isTimeout(err error) bool {
	var broken net.Error

	return errors.As(err, &broken) && broken.Timeout()
}

// statusOf is the status of an answer that raw returned, 0 if it has none.
func statusOf(text string) int {
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
	if err != nil {
		return 0
	}

	_ = res.Body.Close()

	return res.StatusCode
}

func clip(text string) string {
	const most = 1000
	if len(text) > most {
		return fmt.Sprintf("%s… (%d bytes)", text[:most], len(text))
	}

	return text
}

// settled are the notices of a site whose middleware has the default message,
// after everything that was signed up before has been delivered: notices go in
// order, so the one of somebody who signs up now is the last.
func (p *proxy) settled(t *testing.T, host string, r *receiver.Receiver) []string {
	t.Helper()

	const last = "the last one"

	p.signUp(t, host, last)

	taken, err := r.AwaitBody(wait.AtMost(t, patience), receiver.Greeting+last)
	if err != nil {
		t.Fatal(err)
	}

	return slices.DeleteFunc(receiver.SortedBodies(taken), func(body string) bool { return body == receiver.Greeting+last })
}

// wantNotices compares with the names that must have been announced, each
// once.
func wantNotices(t *testing.T, got []string, names ...string) {
	t.Helper()

	want := make([]string, 0, len(names))
	for _, name := range names {
		want = append(want, receiver.Greeting+name)
	}

	slices.Sort(want)

	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("got: %d notices, want: %d (-want +got):\n%s", len(got), len(want), diff)
	}
}
