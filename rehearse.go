package signupwebhook

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/exchange"
)

// rehearsal is held once, by the first New.
var rehearsal = &sync.Once{}

// rehearse runs every path on fakes, in one goroutine and without network or
// disk. At its first run, each path of the interpreter fills caches that no
// lock guards; the first sign-ups, from many goroutines, find them filled.
func rehearse() {
	defer func() {
		r := recover()
		if r != nil {
			log.Print("signupwebhook: a fault of the plugin: ", fmt.Sprint(r))
		}
	}()
	rehearseConfig()
	for _, format := range []string{"text", "slack", "discord"} {
		rehearseTraffic(format)
	}
	rehearseRegistry()
	exchange.Rehearse()
}

func rehearseConfig() {
	wrong := &Config{
		WebhookURL:     "://",
		WebhookURLFile: "-",
		Message:        "{nobody}",
		Format:         "-",
		Headers:        map[string]string{"a b": ""},
		Timeout:        "0d0s",
	}
	_, problems := check(wrong, "")
	_ = explainProblems("rehearsal", problems)
	_, _ = check(CreateConfig(), "")
}

// rehearsalSettings are those of a middleware of that format.
func rehearsalSettings(format, message string) *settings {
	config := CreateConfig()
	config.WebhookURL = "https://rehearsal.invalid:1/"
	config.Format = format
	config.Message = message
	config.Headers = map[string]string{"Authorization": "-", "Host": "-"}
	config.Unknown = map[string]interface{}{"web-hook": true}
	s, _ := check(config, "")
	return s
}

// rehearseTraffic passes requests of all kinds and delivers their notices to
// a receiver that answers in every way.
func rehearseTraffic(format string) {
	receiver := &fakeReceiver{}
	// A transport of the interpreter's must go through a variable.
	var transport http.RoundTripper = receiver
	n := newNotifier("rehearsal", delivery.NewClient(transport))
	n.say = silence
	n.note = silence
	n.still = true
	n.working = true // so that accept starts no goroutine
	n.join(rehearsalSettings(format, "{name} {email} {role} {id} {event} {time} { "+strings.Repeat("…", 2000)))

	var next http.Handler = &fakeUpstream{}
	m := &middleware{next: next, name: "rehearsal", notifier: n}
	for _, path := range []string{"/", "/api/v1/auths/signup", "/api/v1/auths/signup\n"} {
		for kind := 0; kind < upstreamKinds; kind++ {
			m.ServeHTTP(newFakeWriter(), fakeRequest(path, kind))
		}
	}
	for n.waiting.Len() > 0 && receiver.tries < 100 {
		n.resume = time.Time{}
		n.work()
		n.silenceTimer()
		notice, _ := n.waiting.Next(time.Now().Add(time.Hour))
		if notice != nil {
			outcome := n.try(n.settings, notice)
			n.settle(n.settings, notice, outcome)
		}
	}
	n.leave()
	n.drained.Stop()
	_ = n.close()
}

// silenceTimer takes back the next try, so that nothing wakes later.
func (n *notifier) silenceTimer() {
	if n.timer != nil {
		n.timer.Stop()
		n.timer = nil
	}
}

func rehearseRegistry() {
	r := newRegistry()
	ctx, cancel := context.WithCancel(context.Background())
	s := rehearsalSettings("text", "")
	s.unknown = nil
	n := r.join(ctx, "rehearsal", s)
	r.join(ctx, "rehearsal", s)
	_ = r.suspend("rehearsal")
	_ = r.suspend("rehearsal")
	n.wake()
	n.instances = 0
	n.vanish()
	n.instances = -1 // cancel counts two off, and must start no timer
	cancel()

	fromFile := &settings{urlFile: "\x00"} // no file can have that name
	_, _ = fromFile.target()
}

func silence(_ string) {}

// fakeReceiver answers each try in another way, and in the end well.
type fakeReceiver struct {
	tries int
}

func (f *fakeReceiver) RoundTrip(req *http.Request) (*http.Response, error) {
	f.tries++
	failures := []error{
		errors.New("refused"),
		&net.DNSError{Err: "not found"},
		context.DeadlineExceeded,
	}
	if f.tries <= len(failures) {
		failure := failures[f.tries-1]
		return nil, failure
	}
	statuses := []int{200, 302, 400, 404, 429, 500, 503}
	status := 200
	at := f.tries - len(failures) - 1
	if at < len(statuses) {
		status = statuses[at]
	}
	header := http.Header{}
	header.Set("Retry-After", "1")
	var body io.ReadCloser = io.NopCloser(strings.NewReader("ok"))
	return &http.Response{StatusCode: status, Header: header, Body: body, Request: req}, nil
}

// fakeUpstream answers in the way that the request's header asks for.
type fakeUpstream struct{}

// upstreamKinds is how many ways there are.
const upstreamKinds = 6

func (f *fakeUpstream) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	answer := []byte(`{"id":"1","name":"Rehearsal","role":"user","email":"r@rehearsal.invalid"}`)
	switch req.Header.Get("Kind") {
	case "1":
		rw.WriteHeader(http.StatusEarlyHints)
		rw.Header().Set("Content-Encoding", "gzip")
		answer = zipped(answer)
	case "2":
		answer = []byte(`{"next_step":"pending"}`)
	case "3":
		rw.WriteHeader(http.StatusBadRequest)
	case "4":
		answer = bytes.Repeat([]byte(`{"name":"`), 200000)
	case "5":
		answer = []byte(`{"id":1,"name":"cut off \`)
	}
	_, _ = rw.Write(answer)
	rw.Header().Set("Trailer", "late")
}

func zipped(plain []byte) []byte {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write(plain)
	_ = writer.Close()
	return packed.Bytes()
}

// fakeRequest has a body in one of the encodings that Python reads.
func fakeRequest(path string, kind int) *http.Request {
	text := `{"name":"Rehearsal","email":"R@rehearsal.invalid"}`
	if kind == 2 {
		text = "{\x00\"\x00}\x00"
	}
	if kind == 3 {
		text = "\x00\x00\x00{\x00\x00\x00}"
	}
	req, _ := http.NewRequest(http.MethodPost, "http://rehearsal.invalid/", strings.NewReader(text))
	req.URL.Path = path
	req.Header.Set("Kind", fmt.Sprint(kind))
	return req
}

// fakeWriter takes an answer and forgets it.
type fakeWriter struct {
	header http.Header
}

func newFakeWriter() http.ResponseWriter {
	return &fakeWriter{header: http.Header{}}
}

func (w *fakeWriter) Header() http.Header         { return w.header }
func (w *fakeWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *fakeWriter) WriteHeader(_ int)           {}
