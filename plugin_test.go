package signupwebhook

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/exchange"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
)

// notice is what a receiver got.
type notice struct {
	body   string
	header http.Header
	path   string
}

// webhook is a receiver whose answers a test chooses.
type webhook struct {
	url string
	got chan notice

	mu      *sync.Mutex
	answers []int  // the statuses of the next tries; 200 after them
	wish    string // how long its failures ask to wait; "" for no wish
}

func newWebhook(t *testing.T, answers ...int) *webhook {
	t.Helper()
	w := &webhook{got: make(chan notice, 5000), mu: &sync.Mutex{}, answers: answers}
	server := httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(server.Close)
	w.url = server.URL + "/secret"
	return w
}

// newPausingWebhook is one whose failures ask for an hour. Only hurry ends such a
// pause, however long a test takes; the plugin's own may be over at any time.
func newPausingWebhook(t *testing.T, answers ...int) *webhook {
	t.Helper()
	w := newWebhook(t, answers...)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wish = "3600"
	return w
}

func (w *webhook) serve(rw http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	status := w.next()
	if status != 200 {
		rw.Header().Set("Retry-After", w.wished())
	}
	rw.WriteHeader(status)
	w.got <- notice{body: string(body), header: req.Header, path: req.URL.Path}
}

func (w *webhook) next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.answers) == 0 {
		return 200
	}
	status := w.answers[0]
	w.answers = w.answers[1:]
	return status
}

func (w *webhook) wished() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	wish := w.wish
	return wish
}

// await returns the next notice; a test that waits for five minutes has failed.
func (w *webhook) await(t *testing.T) notice {
	t.Helper()
	timer := time.AfterFunc(5*time.Minute, func() { w.got <- notice{body: "nothing within five minutes"} })
	defer timer.Stop()
	received := <-w.got
	got := received // a received variable must not be changed later (interpreter)
	return got
}

// upstream stands for Open WebUI: it answers with the name in the request.
func upstream(rw http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	rw.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(rw, `{"id":"id-%s","name":"%s","role":"pending","email":"%s@example.org"}`, body, body, body)
}

// build makes a middleware in front of upstream, until the test ends.
func build(t *testing.T, name string, config *Config) http.Handler {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return buildUntil(ctx, t, name, config)
}

func buildUntil(ctx context.Context, t *testing.T, name string, config *Config) http.Handler {
	t.Helper()
	var next http.Handler = http.HandlerFunc(upstream)
	handler, err := New(ctx, next, config, name)
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

func signUp(handler http.Handler, name string) string {
	rw := httptest.NewRecorder()
	handler.ServeHTTP(rw, httptest.NewRequest("POST", "/api/v1/auths/signup", strings.NewReader(name)))
	return rw.Body.String()
}

// A middleware that is named on the entry point and on the router, too, tells
// of each account once, and two of them once each.
func TestOnTheWayTwice(t *testing.T) {
	first := newWebhook(t)
	second := newWebhook(t)
	inner := buildTo(t, t.Name(), first.url, http.HandlerFunc(upstream))
	middle := buildTo(t, t.Name()+" other", second.url, inner)
	outer := buildTo(t, t.Name(), first.url, middle)
	for _, name := range []string{"Tim", "Tom"} {
		answer := signUp(outer, name)
		if !strings.Contains(answer, name) {
			t.Errorf("the client got: %s", answer)
		}
	}
	for _, receiver := range []*webhook{first, second} {
		for _, name := range []string{"Tim", "Tom"} {
			got := receiver.await(t)
			if got.body != "Neuer Benutzer registriert: "+name {
				t.Errorf("got: %q, want: %s once", got.body, name)
			}
		}
	}
}

// buildTo makes a middleware in front of a handler.
func buildTo(t *testing.T, name, address string, next http.Handler) http.Handler {
	t.Helper()
	config := CreateConfig()
	config.WebhookURL = address
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	handler, err := New(ctx, next, config, name)
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// An opaque URL is what Traefik sends on, whatever another middleware made of
// its path.
func TestAnnouncesAnOpaqueURL(t *testing.T) {
	receiver := newWebhook(t)
	config := CreateConfig()
	config.WebhookURL = receiver.url
	handler := build(t, t.Name(), config)
	req := httptest.NewRequest("POST", "x:http://host/api/v1/auths/signup", strings.NewReader("Tim"))
	req.URL.Path = "/added"
	handler.ServeHTTP(httptest.NewRecorder(), req)
	got := receiver.await(t)
	if got.body != "Neuer Benutzer registriert: Tim" {
		t.Errorf("got: %q, want: Tim", got.body)
	}
}

func TestAnnounces(t *testing.T) {
	receiver := newWebhook(t)
	config := CreateConfig()
	config.WebhookURL = receiver.url
	config.Headers = map[string]string{"authorization": "Bearer x"}
	handler := build(t, t.Name(), config)

	answer := signUp(handler, "Tim")
	if answer != `{"id":"id-Tim","name":"Tim","role":"pending","email":"Tim@example.org"}` {
		t.Errorf("the client got: %s", answer)
	}
	got := receiver.await(t)
	if got.body != "Neuer Benutzer registriert: Tim" || got.path != "/secret" {
		t.Errorf("got: %q at %s, want: %q at /secret", got.body, got.path, "Neuer Benutzer registriert: Tim")
	}
	want := map[string]string{
		"Content-Type":  "text/plain; charset=utf-8",
		"Authorization": "Bearer x",
		"User-Agent":    "signupwebhook (+https://github.com/traefik-openwebui/signupwebhook)",
	}
	for key, value := range want {
		if got.header.Get(key) != value {
			t.Errorf("%s: got: %q, want: %q", key, got.header.Get(key), value)
		}
	}
	if !strings.HasPrefix(got.header.Get("Webhook-Id"), "msg_") || got.header.Get("Webhook-Timestamp") == "" {
		t.Errorf("got: %v, want: an id and a time", got.header)
	}
}

func TestHeadersMayBeReplaced(t *testing.T) {
	receiver := newWebhook(t)
	config := CreateConfig()
	config.WebhookURL = receiver.url
	config.Message = `{"text":"{name} ({role}, {email}, {id}, {event})"}`
	config.Headers = map[string]string{"content-type": "application/json", "user-agent": "mine"}
	handler := build(t, t.Name(), config)
	signUp(handler, "Tim")
	got := receiver.await(t)
	if got.header.Get("Content-Type") != "application/json" || got.header.Get("User-Agent") != "mine" {
		t.Errorf("got: %v, want: the configured ones", got.header)
	}
	if got.body != `{"text":"Tim (pending, Tim@example.org, id-Tim, signup)"}` {
		t.Errorf("got: %s", got.body)
	}
}

func TestOthersPassUntouched(t *testing.T) {
	tests := []struct {
		desc   string
		method string
		path   string
	}{
		{desc: "another method", method: "GET", path: "/api/v1/auths/signup"},
		{desc: "another path", method: "POST", path: "/api/v1/auths/signin"},
		{desc: "the root", method: "GET", path: "/"},
	}
	config := CreateConfig()
	config.WebhookURL = "http://127.0.0.1:1/"
	for _, test := range tests {
		var gotWriter http.ResponseWriter
		var gotRequest *http.Request
		var next http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
			gotWriter = rw
			gotRequest = req
		})
		handler, err := New(context.Background(), next, config, t.Name())
		if err != nil {
			t.Fatal(err)
		}
		recorder := httptest.NewRecorder()
		req := httptest.NewRequest(test.method, test.path, nil)
		handler.ServeHTTP(recorder, req)
		if gotRequest != req || gotWriter != http.ResponseWriter(recorder) {
			t.Errorf("%s: the next handler got another writer or request", test.desc)
		}
	}
}

func TestFaultsCostTheClientNothing(t *testing.T) {
	broken := &middleware{name: t.Name(), watched: openwebui.Watched([]string{"signup"})} // without a notifier, accept panics
	var next http.Handler = http.HandlerFunc(upstream)
	broken.next = next
	answer := signUp(broken, "Tim")
	if !strings.Contains(answer, `"name":"Tim"`) {
		t.Errorf("the client got: %q", answer)
	}
	announce(broken, nil, &exchange.Seen{Status: 200})
}

// environ sets WEBHOOK_URL for one test. t.Setenv would set it for the
// process, but an interpreter has an environment of its own.
func environ(t *testing.T, address string) {
	t.Helper()
	before, was := os.LookupEnv("WEBHOOK_URL")
	_ = os.Setenv("WEBHOOK_URL", address)
	t.Cleanup(func() {
		_ = os.Unsetenv("WEBHOOK_URL")
		if was {
			_ = os.Setenv("WEBHOOK_URL", before)
		}
	})
}

func TestNoURLAnywhere(t *testing.T) {
	environ(t, "")
	var next http.Handler = http.NotFoundHandler()
	handler, err := New(context.Background(), next, CreateConfig(), "nowhere")
	if err != nil {
		t.Fatal(err)
	}
	_, isOurs := handler.(*middleware)
	if isOurs || handler == nil {
		t.Error("got: a middleware, want: the next handler itself")
	}
}

// All problems at once, the environment's among them, and no secret.
func TestWrongConfiguration(t *testing.T) {
	environ(t, "mailto:hidden")
	options := CreateConfig()
	options.Format = "Slack"
	handler, err := New(context.Background(), http.NotFoundHandler(), options, "notify@file")
	if err == nil || handler != nil {
		t.Fatal("got: no error, want: one")
	}
	text := err.Error()
	for _, want := range []string{"signupwebhook: notify@file: ", "WEBHOOK_URL (environment): it does not begin", `format: "Slack" is none of`} {
		if !strings.Contains(text, want) {
			t.Errorf("got: %q, want in it: %q", text, want)
		}
	}
	if strings.Contains(text, "hidden") {
		t.Errorf("got: %q, want: no secret", text)
	}
}
