package scenario

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"runtime"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// watched publishes a site with the plugin in front of a handler.
func watched(t *testing.T, p *proxy, handler http.HandlerFunc) (string, *receiver.Receiver) {
	t.Helper()

	app, r, host := httptest.NewServer(handler), receiver.Run(t), hostOf(t)
	t.Cleanup(app.Close)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}})

	return host, r
}

func TestWebSocket(t *testing.T) {
	p := shared(t)
	host, _ := watched(t, p, func(rw http.ResponseWriter, req *http.Request) {
		conn, err := websocket.Accept(rw, req, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err != nil {
			return
		}
		defer func() { _ = conn.CloseNow() }()

		for {
			kind, message, err := conn.Read(req.Context())
			if err != nil {
				return
			}

			if err := conn.Write(req.Context(), kind, append([]byte("echo: "), message...)); err != nil {
				return
			}
		}
	})

	ctx := wait.AtMost(t, patience)

	conn, _, err := websocket.Dial(ctx, p.URL()+"/ws/socket.io/?transport=websocket", &websocket.DialOptions{Host: host})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()

	for round := range 20 {
		message := fmt.Sprint("message ", round, strings.Repeat(".", round*100))
		if err := conn.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
			t.Fatal(err)
		}

		_, got, err := conn.Read(ctx)
		if want := "echo: " + message; err != nil || string(got) != want {
			t.Fatalf("got: %q (%v), want: %q", got, err, want)
		}
	}
}

func TestEventStreamIsNotHeldBack(t *testing.T) {
	const events = 5

	p, got := shared(t), make(chan struct{})
	host, _ := watched(t, p, func(rw http.ResponseWriter, req *http.Request) {
		rw.Header().Set("Content-Type", "text/event-stream")

		for i := range events {
			_, _ = fmt.Fprintf(rw, "data: %d\n\n", i)
			_ = http.NewResponseController(rw).Flush()

			// Nothing more before the client has this one.
			select {
			case <-got:
			case <-req.Context().Done():
				return
			}
		}
	})

	req, err := http.NewRequestWithContext(wait.AtMost(t, patience), http.MethodPost, p.URL()+"/api/chat/completions", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}

	req.Host = host

	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()

	lines := bufio.NewScanner(res.Body)

	for i := range events {
		if !lines.Scan() || lines.Text() != fmt.Sprint("data: ", i) || !lines.Scan() {
			t.Fatalf("got: %q (%v), want: event %d while the upstream waits for it to arrive", lines.Text(), lines.Err(), i)
		}

		got <- struct{}{}
	}
}

const large = 200 << 20

// noise is the same incompressible 200 MiB each time.
func noise() io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{1}), large)
}

func TestLargeUploadAndDownload(t *testing.T) {
	p := shared(t)
	host, _ := watched(t, p, func(rw http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodGet {
			rw.Header().Set("Content-Length", fmt.Sprint(large))
			_, _ = io.Copy(rw, noise())

			return
		}

		hash := sha256.New()
		_, _ = io.Copy(hash, req.Body)
		_, _ = io.WriteString(rw, hex.EncodeToString(hash.Sum(nil)))
	})

	hash := sha256.New()
	_, _ = io.Copy(hash, noise())
	want := hex.EncodeToString(hash.Sum(nil))

	var before, after runtime.MemStats

	runtime.GC()
	runtime.ReadMemStats(&before)

	got, err := p.do(t.Context(), http.MethodPost, host, "/api/v1/files/", noise(), nil)
	if err != nil || string(got.body) != want {
		t.Errorf("got: an upload of hash %s (%v), want: %s", got.body, err, want)
	}

	req, err := http.NewRequestWithContext(wait.AtMost(t, patience), http.MethodGet, p.URL()+"/api/v1/files/1/content", nil)
	if err != nil {
		t.Fatal(err)
	}

	req.Host = host

	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()

	hash.Reset()

	size, err := io.Copy(hash, res.Body)
	if got := hex.EncodeToString(hash.Sum(nil)); err != nil || got != want {
		t.Errorf("got: a download of %d bytes and hash %s (%v), want: %d and %s", size, got, err, large, want)
	}

	// Neither side of this test may hold what it sends and gets.
	runtime.ReadMemStats(&after)

	const bound = 32 << 20
	if used := int64(after.HeapSys) - int64(before.HeapSys); used > bound {
		t.Errorf("got: %d MiB more in the test itself, want: at most %d", used>>20, bound>>20)
	}
}

// mirror is an upstream that answers with the request that reached it.
func mirror(t *testing.T) *httptest.Server {
	t.Helper()

	app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		dump, err := httputil.DumpRequest(req, true)
		if err != nil {
			dump = []byte(err.Error())
		}

		rw.Header().Set("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
		_, _ = rw.Write(dump)
	}))
	t.Cleanup(app.Close)

	return app
}

// TestUnwatchedRequestsDoNotNoticeThePlugin compares the bytes that upstream
// and client get with those without the plugin.
func TestUnwatchedRequestsDoNotNoticeThePlugin(t *testing.T) {
	p, r, host, app := shared(t), receiver.Run(t), hostOf(t), mirror(t)
	p.publish(t,
		site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}},
		site{host: "none-" + host, upstream: app.URL},
	)

	requests := []string{
		"GET / HTTP/1.1\r\nHost: HOST\r\nAccept-Encoding: zstd, br\r\nConnection: close\r\n\r\n",
		"GET /api/v1/auths/signup HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
		"HEAD /api/v1/auths/signup HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
		"POST /api/v1/auths/signin HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n{}",
		"POST /api/v1/auths/signup/ HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n",
		"PUT /api%2Fv1/auths/signup HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
	}
	for _, request := range requests {
		got := raw(t, p.Addr(), strings.ReplaceAll(request, "HOST", "some-"+host))
		if !strings.HasPrefix(got, "HTTP/1.1 404") {
			t.Fatalf("got: %s, want: 404, or this compares nothing", clip(got))
		}

		want := raw(t, p.Addr(), strings.ReplaceAll(request, "HOST", "none-"+host))
		got = raw(t, p.Addr(), strings.ReplaceAll(request, "HOST", host))

		want = withoutLength(strings.ReplaceAll(want, "none-"+host, host))
		if got = withoutLength(got); got != want {
			t.Errorf("got: %s, want: %s", got, want)
		}
	}
}

// TestSignUpIsForwardedAsItCame but for the encoding that is asked for: a
// browser would get one that the plugin cannot read.
func TestSignUpIsForwardedAsItCame(t *testing.T) {
	p, r, host, app := shared(t), receiver.Run(t), hostOf(t), mirror(t)
	p.publish(t,
		site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}},
		site{host: "none-" + host, upstream: app.URL},
	)

	const encodings = "Accept-Encoding: gzip, deflate, br, zstd\r\n"

	for _, path := range spellings {
		request := strings.Replace(signUpRequest("HOST", path, "Tim"), "Connection:", encodings+"Cookie: a=b; c=d\r\nConnection:", 1)
		want := raw(t, p.Addr(), strings.ReplaceAll(request, "HOST", "none-"+host))
		got := raw(t, p.Addr(), strings.ReplaceAll(request, "HOST", host))

		if !strings.Contains(want, encodings) {
			t.Fatalf("got: %s without the plugin, want: %s in it, or this compares nothing", clip(want), encodings)
		}

		want = strings.ReplaceAll(strings.ReplaceAll(want, "none-"+host, host), encodings, "Accept-Encoding: identity\r\n")
		want = withoutLength(want)

		if got = withoutLength(got); got != want {
			t.Errorf("%s: got: %s, want: %s", path, got, want)
		}
	}
}

// withoutLength takes out the header that counts the letters of the host.
func withoutLength(answer string) string {
	before, rest, ok := strings.Cut(answer, "Content-Length: ")
	if !ok {
		return answer
	}

	_, after, _ := strings.Cut(rest, "\r\n")

	return before + after
}
