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
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/exchange"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/internal/sender"
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
	for _, format := range []string{"text", "slack", "wecom"} {
		rehearseTraffic(format)
	}
	rehearseRegistry()
	rehearseDisk()
	receiver.Rehearse()
	_, _ = outbox.Unclaimed("rehearsal", map[string]bool{}, newFakeDisk())
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
		Body:           "{",
		ContentType:    "-",
	}
	_, problems := config.Check(wrong, "")
	_ = config.Explain("rehearsal", problems)
	_, _ = config.Check(CreateConfig(), "")
	wrong.WebhookURL = "https://api.telegram.org/bot"
	_, _ = config.Check(wrong, "")
	wrong.Body = ""
	wrong.Format = "telegram"
	_, _ = config.Check(wrong, "")
	rehearseBody("application/json")
	rehearseBody("application/x-ndjson")
}

// rehearseBody makes a request with a body of the user's own.
func rehearseBody(contentType string) {
	options := CreateConfig()
	options.WebhookURL = "https://rehearsal.invalid:1/"
	options.Body = `{"text":"{message} {name}"}`
	options.ContentType = contentType
	s, _ := config.Check(options, "")
	_ = s.Uses()
	secrets, _ := s.Read()
	_ = sender.Request(s, secrets, "rehearsal", map[string]string{"name": "Rehearsal"}, time.Now())
}

// rehearsalSettings are those of a middleware of that format.
func rehearsalSettings(format, message string) *config.Settings {
	options := CreateConfig()
	options.WebhookURL = "https://rehearsal.invalid:1/"
	options.Format = format
	options.Message = message
	options.Headers = map[string]string{"Authorization": "-", "Host": "-"}
	options.Secret = "whsec_" + strings.Repeat("AAAA", 8)
	options.AnswerContains = "ok"
	options.StateDir = "rehearsal"
	options.Unknown = map[string]interface{}{"web-hook": true}
	s, _ := config.Check(options, "")
	return s
}

// rehearseTraffic passes requests of all kinds and delivers their notices to
// a receiver that answers in every way.
func rehearseTraffic(format string) {
	fake := &fakeReceiver{}
	// A transport of the interpreter's must go through a variable.
	var transport http.RoundTripper = fake
	n := newNotifier("rehearsal", delivery.NewClient(transport), newFakeDisk())
	n.say = silence
	n.note = silence
	n.still = true
	n.working = true // so that accept starts no goroutine
	n.closed = true  // nor join a scan
	n.join(rehearsalSettings(format, "{name} {email} {role} {id} {event} {time} { "+strings.Repeat("…", 2000)))
	n.closed = false

	var next http.Handler = &fakeUpstream{}
	m := &middleware{next: next, name: "rehearsal", notifier: n}
	for _, path := range []string{"/", "/api/v1/auths/signup", "/api/v1/auths/signup\n"} {
		for kind := 0; kind < upstreamKinds; kind++ {
			m.ServeHTTP(newFakeWriter(), fakeRequest(path, kind))
		}
	}
	n.scan()
	n.stopScan()
	for n.schedule.Len() > 0 && fake.tries < 100 {
		n.working = true
		n.schedule.Hurry(time.Now())
		n.work()
		n.stopTimer()
	}
	n.working = true
	n.scan()
	n.stopScan()
	n.leave()
	n.drained.Stop()
	_ = n.close()
}

func rehearseRegistry() {
	r := newRegistry()
	ctx, cancel := context.WithCancel(context.Background())
	s := rehearsalSettings("text", "")
	s.Unknown = nil
	s.StateDir = ""
	n := r.join(ctx, "rehearsal", s)
	r.join(ctx, "rehearsal", s)
	_ = r.suspend("rehearsal")
	_ = r.suspend("rehearsal")
	n.wake()
	n.instances = 0
	n.vanish()
	n.instances = -1 // cancel counts two off, and must start no timer
	cancel()

	fromFile := &config.Settings{URLFile: "\x00", SecretFile: "\x00"} // no file can have that name
	_, _ = n.readSecrets(fromFile)
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
	statuses := []int{200, 302, 400, 404, 429, 500, 503, 503, 200, 403, 403}
	status := 200
	at := f.tries - len(failures) - 1
	if at < len(statuses) {
		status = statuses[at]
	}
	header := http.Header{}
	header.Set("Retry-After", "1")
	answer := `{"ok":1,"errcode":0}`
	if at == 0 {
		answer = `{"ok":1,"errcode":45009}`
	}
	if at == 8 {
		answer = `{"ok":1,"errcode":1}`
	}
	var body io.ReadCloser = io.NopCloser(strings.NewReader(answer))
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

// fakeDisk keeps files in memory.
type fakeDisk struct {
	files map[string][]byte
}

func newFakeDisk() outbox.FS {
	return &fakeDisk{files: map[string][]byte{}}
}

func (d *fakeDisk) MkdirAll(path string) error {
	d.files[path] = []byte{}
	return nil
}

func (d *fakeDisk) Write(path string, data []byte) error {
	if d.files[filepath.Dir(path)] == nil {
		return os.ErrNotExist
	}
	d.files[path] = data
	return nil
}

func (d *fakeDisk) Rename(from, to string) error {
	d.files[to] = d.files[from]
	delete(d.files, from)
	return nil
}

func (d *fakeDisk) SyncDir(_ string) error {
	return nil
}

func (d *fakeDisk) Read(path string, _ int64) ([]byte, error) {
	data := d.files[path]
	if data == nil {
		return nil, os.ErrNotExist
	}
	return data, nil
}

// List always shows a stray file beside what is there.
func (d *fakeDisk) List(path string, _ int) ([]outbox.File, error) {
	files := []outbox.File{{Name: "stray.json"}}
	for name := range d.files {
		if filepath.Dir(name) == path {
			files = append(files, outbox.File{Name: filepath.Base(name)})
		}
	}
	return files, nil
}

func (d *fakeDisk) Folders(_ string) ([]string, error) {
	return []string{"stray"}, nil
}

func (d *fakeDisk) Remove(path string) error {
	delete(d.files, path)
	return nil
}

// rehearseDisk calls the real disk's methods, for a path that no disk has.
func rehearseDisk() {
	const nowhere = "\x00"
	actual := outbox.NewDisk()
	_ = actual.MkdirAll(nowhere)
	_ = actual.Write(nowhere, nil)
	_ = actual.Rename(nowhere, nowhere)
	_ = actual.SyncDir(nowhere)
	_, _ = actual.Read(nowhere, 1)
	_, _ = actual.List(nowhere, 1)
	_, _ = actual.Folders(nowhere)
	_ = actual.Remove(nowhere)
}
