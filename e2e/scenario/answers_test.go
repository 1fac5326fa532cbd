package scenario

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// account is a JSON answer of that size, with a picture behind its name.
func account(name string, size int) []byte {
	head := fmt.Sprintf(`{"id":"id-of-%s","name":"%s","role":"pending","email":"x@example.org","profile_image_url":"`, name[:3], name)
	tail := `"}`

	return []byte(head + strings.Repeat("A", max(0, size-len(head)-len(tail))) + tail)
}

// says is an upstream that answers so, in one piece or in chunks.
func says(contentType string, body []byte, chunked bool) http.HandlerFunc {
	return func(rw http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)

		rw.Header().Set("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
		rw.Header().Set("Content-Type", contentType)
		rw.Header().Set("X-Extra", "kept")

		if !chunked {
			rw.Header().Set("Content-Length", fmt.Sprint(len(body)))
			_, _ = rw.Write(body)

			return
		}

		for chunk := range slices.Chunk(body, 10000) {
			_, _ = rw.Write(chunk)
			_ = http.NewResponseController(rw).Flush()
		}
	}
}

// changing is an upstream whose answers a test changes between its requests.
type changing struct {
	*httptest.Server

	mu     sync.Mutex
	answer http.HandlerFunc
}

func newChanging(t *testing.T) *changing {
	t.Helper()

	c := &changing{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		c.mu.Lock()
		answer := c.answer
		c.mu.Unlock()

		answer(rw, req)
	}))
	t.Cleanup(c.Close)

	return c
}

func (c *changing) change(answer http.HandlerFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.answer = answer
}

func TestEveryAnswerIsHandedOnAndAnnounced(t *testing.T) {
	const (
		mib  = 1 << 20
		json = "application/json"
	)

	// The name in the request is Tom; "" is for no notice.
	tests := []struct {
		desc   string
		answer http.HandlerFunc
		want   string
	}{
		{desc: "small", answer: says(json, account("Tim", 0), false), want: "Tim"},
		{desc: "in chunks", answer: says(json, account("Tim", 100000), true), want: "Tim"},
		{desc: "1 MiB", answer: says(json, account("Tim", mib), false), want: "Tim"},
		{desc: "1 MiB and a byte", answer: says(json, account("Tim", mib+1), false), want: "Tim"},
		{desc: "3 MiB in chunks", answer: says(json, account("Tim", 3*mib), true), want: "Tim"},
		{desc: "a name of 5 MB", answer: says(json, account(strings.Repeat("Tim", 5_000_000/3), 0), false), want: strings.Repeat("Tim", 66) + "Ti…"},
		{desc: "gzip, which was not asked for", answer: recorded(t, "signup-gzip"), want: "Tim"},
		{desc: "zstd, which was not asked for", answer: recorded(t, "signup-zstd"), want: "Tom"},
		{desc: "br, which was not asked for", answer: recorded(t, "signup-br"), want: "Tom"},
		{desc: "MFA pending", answer: recorded(t, "signup-mfa-pending"), want: "Tom"},
		{desc: "MFA to enroll", answer: recorded(t, "signup-mfa-enroll"), want: "Tom"},
		{desc: "control characters", answer: says(json, []byte(`{"name":" T\u0000\n\u202e\tim\ud800 "}`), false), want: "T im\ufffd"},
		{desc: "a name that is a number", answer: says(json, []byte(`{"name":7}`), false), want: "7"},
		{desc: "a name that is null", answer: says(json, []byte(`{"name":null}`), false), want: "Tom"},
		{desc: "an empty object", answer: says(json, []byte(`{}`), false), want: "Tom"},
		{desc: "truncated", answer: says(json, []byte(`{"id":"1","name":"Tim","role":"pen`), false), want: "Tim"},
		{desc: "an array", answer: says(json, []byte(`["name","Tim"]`), false)},
		{desc: "no JSON", answer: says(json, []byte(`{name: Tim}`), false)},
		{desc: "empty", answer: says(json, nil, false)},
		{desc: "the page", answer: recorded(t, "signup-page")},
		{desc: "refused, a duplicate", answer: recorded(t, "signup-duplicate")},
		{desc: "refused, a bad e-mail", answer: recorded(t, "signup-bad-email")},
		{desc: "refused, sign-up is off", answer: recorded(t, "signup-off")},
		{desc: "refused, bad JSON", answer: recorded(t, "signup-bad-json")},
		{desc: "refused, a field lacks", answer: recorded(t, "signup-missing-field")},
		{desc: "refused, a surrogate", answer: recorded(t, "signup-surrogate")},
		{desc: "refused, a path with a slash", answer: recorded(t, "signup-slash")},
	}

	// One site for all: the upstream changes its answer, and what was
	// announced in between is told apart by the one who signs up last.
	p, r, host, app := shared(t), receiver.Run(t), hostOf(t), newChanging(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}})

	for i, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			before := len(r.Taken())
			app.change(test.answer)

			request := signUpRequest(host, webui.SignUpPath, "Tom")
			got := parse(t, raw(t, p.Addr(), request))
			want := parse(t, raw(t, app.Listener.Addr().String(), request))

			if got.status != want.status || !reflect.DeepEqual(got.header, want.header) || !bytes.Equal(got.body, want.body) {
				t.Errorf("got: %d %v %d bytes, want: %d %v %d bytes, the upstream's own", got.status, got.header, len(got.body),
					want.status, want.header, len(want.body))
			}

			last := fmt.Sprint("End ", i)
			app.change(says(json, account(last, 0), false))
			raw(t, p.Addr(), request)

			taken, err := r.AwaitBody(wait.AtMost(t, patience), receiver.Greeting+last)
			if err != nil {
				t.Fatal(err)
			}

			var names []string
			if test.want != "" {
				names = append(names, test.want)
			}

			wantNotices(t, receiver.SortedBodies(taken[before:len(taken)-1]), names...)
		})
	}
}

// parse reads a raw answer.
func parse(t *testing.T, text string) answer {
	t.Helper()

	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
	if err != nil {
		t.Fatalf("no answer: %v in %q", err, clip(text))
	}
	defer func() { _ = res.Body.Close() }()

	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("no whole answer: %v in %q", err, clip(text))
	}

	return answer{status: res.StatusCode, header: res.Header, body: body}
}

// TestUpstreamsThatMisbehave compares what the client sees with what it sees
// without the plugin, byte for byte.
func TestUpstreamsThatMisbehave(t *testing.T) {
	abort := func() { panic(http.ErrAbortHandler) }

	tests := []struct {
		desc    string
		answer  http.HandlerFunc
		want    string // the beginning of what is seen either way
		broken  bool   // how much comes before the end is a matter of time
		notices []string
	}{
		{
			desc: "early hints first",
			answer: func(rw http.ResponseWriter, req *http.Request) {
				rw.Header().Set("Link", "</style.css>; rel=preload")
				rw.WriteHeader(http.StatusEarlyHints)
				rw.WriteHeader(http.StatusEarlyHints)
				says("application/json", account("Tim", 0), false)(rw, req)
			},
			want:    "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\nHTTP/1.1 103 Early Hints\r\n",
			notices: []string{"Tim"},
		},
		{
			desc: "trailers",
			answer: func(rw http.ResponseWriter, req *http.Request) {
				rw.Header().Set("Trailer", "X-Sum")
				says("application/json", account("Tim", 0), true)(rw, req)
				rw.Header().Set("X-Sum", "42")
			},
			want:    "HTTP/1.1 200 OK\r\n",
			notices: []string{"Tim"},
		},
		{
			desc:   "no answer but a closed connection",
			answer: func(http.ResponseWriter, *http.Request) { abort() },
			want:   "HTTP/1.1 502 Bad Gateway\r\n",
		},
		{
			desc: "no answer ever",
			// Traefik gives up, for the site has a limit.
			answer: func(_ http.ResponseWriter, req *http.Request) {
				// Before its end, Go does not notice that the caller left.
				_, _ = io.Copy(io.Discard, req.Body)

				<-req.Context().Done()
			},
			want: "HTTP/1.1 504 Gateway Timeout\r\n",
		},
		{
			desc: "aborted in the middle",
			answer: func(rw http.ResponseWriter, req *http.Request) {
				rw.Header().Set("Content-Length", "200000")
				says("application/json", account("Tim", 100000), true)(rw, req)
				abort()
			},
			want:    "HTTP/1.1 200 OK\r\n",
			broken:  true,
			notices: []string{"Tim"},
		},
		{
			desc: "aborted in the middle of 2 MiB",
			answer: func(rw http.ResponseWriter, req *http.Request) {
				rw.Header().Set("Content-Length", "3000000")
				says("application/json", account("Tim", 2<<20), true)(rw, req)
				abort()
			},
			want:    "HTTP/1.1 200 OK\r\n",
			broken:  true,
			notices: []string{"Tim"},
		},
		{
			desc: "refused and aborted in the middle",
			answer: func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
				rw.Header().Set("Content-Length", "200000")
				rw.WriteHeader(http.StatusBadRequest)
				_, _ = rw.Write(account("Tim", 100000))
				abort()
			},
			want:   "HTTP/1.1 400 Bad Request\r\n",
			broken: true,
		},
	}

	p, r, host, app := shared(t), receiver.Run(t), hostOf(t), newChanging(t)
	impatient := map[string]any{"forwardingTimeouts": map[string]any{"responseHeaderTimeout": "500ms"}}
	p.publish(t,
		site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}, transport: impatient},
		site{host: "none-" + host, upstream: app.URL, transport: impatient},
	)

	for i, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			before := len(r.Taken())
			app.change(test.answer)

			got := raw(t, p.Addr(), signUpRequest(host, webui.SignUpPath, "Tom"))
			want := raw(t, p.Addr(), signUpRequest("none-"+host, webui.SignUpPath, "Tom"))

			// Traefik's own answers carry the time.
			got, want = withoutDate(got), withoutDate(want)

			if test.broken {
				shorter := min(len(got), len(want))
				got, want = got[:shorter], want[:shorter]

				if _, body, _ := strings.Cut(got, "\r\n\r\n"); len(body) < 50000 {
					t.Errorf("got: %d bytes before the end, want: about 100000", len(body))
				}
			}

			if got != want {
				t.Errorf("got: %d bytes: %s, want: %d bytes as without the plugin: %s", len(got), clip(got), len(want), clip(want))
			}

			if !strings.HasPrefix(want, test.want) {
				t.Errorf("got: %s without the plugin, want: %s, or this compares nothing", clip(want), test.want)
			}

			last := fmt.Sprint("End ", i)
			app.change(says("application/json", account(last, 0), false))
			raw(t, p.Addr(), signUpRequest(host, webui.SignUpPath, last))

			taken, err := r.AwaitBody(wait.AtMost(t, patience), receiver.Greeting+last)
			if err != nil {
				t.Fatal(err)
			}

			wantNotices(t, receiver.SortedBodies(taken[before:len(taken)-1]), test.notices...)
		})
	}
}

func withoutDate(answer string) string {
	before, rest, ok := strings.Cut(answer, "Date: ")
	if !ok {
		return answer
	}

	_, after, _ := strings.Cut(rest, "\r\n")

	return before + after
}

// TestUpstreamThatRefusesAfterTheClientLeft shows that a call which nobody waits
// for goes on, and that nothing is announced when it comes to nothing.
func TestUpstreamThatRefusesAfterTheClientLeft(t *testing.T) {
	arrived, gone := make(chan struct{}, 1), make(chan struct{})

	app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)

		if strings.Contains(string(body), "the last one") {
			says("application/json", account("the last one", 0), false)(rw, req)
			return
		}

		arrived <- struct{}{}
		<-gone

		rw.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(rw, `{"name":"Tim"}`)
	}))
	t.Cleanup(app.Close)

	p, r, host := shared(t), receiver.Run(t), hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}})

	conn, err := net.DialTimeout("tcp", p.Addr(), patience)
	if err != nil {
		t.Fatal(err)
	}

	if _, err := io.WriteString(conn, signUpRequest(host, webui.SignUpPath, "Tim")); err != nil {
		t.Fatal(err)
	}

	select {
	case <-arrived:
	case <-time.After(patience):
		t.Fatal("the sign-up did not arrive")
	}

	_ = conn.Close()
	close(gone)

	wantNotices(t, p.settled(t, host, r))
}
