package signupwebhook

// Every path once before the first request, and the fakes that this needs.

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
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
	"github.com/traefik-openwebui/signupwebhook/internal/seen"
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
	rehearseTraffic()
	rehearseRegistry()
	rehearseEvents()
	rehearseLosses()
	rehearseGuests()
	bare := emptyDisk()
	bare.bare = true
	var fs outbox.FS = bare
	seen.Rehearse(fs)
	rehearseDisk(outbox.NewDisk())
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
		Events:         []string{"signup", "signup"},
		LearnFor:       "-1s",
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
	secrets, _ := config.Read(s)
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
	options.Events = openwebui.Events()
	options.LearnFor = "1h"
	options.Unknown = map[string]interface{}{"web-hook": true}
	s, _ := config.Check(options, "")
	return s
}

// rehearseTraffic passes requests of all kinds and delivers their notices to a
// receiver that answers in every way, and in the format with most of them.
func rehearseTraffic() {
	fake := &fakeReceiver{}
	// A transport of the interpreter's must go through a variable.
	var transport http.RoundTripper = fake
	n := newNotifier("rehearsal", delivery.NewClient(transport), newFakeDisk())
	n.say = silence
	n.note = silence
	n.still = true
	n.working = true               // so that accept starts no goroutine
	n.guests.others.working = true // nor see
	n.guests.signUps.working = true
	n.closed = true // nor join a scan
	n.join(rehearsalSettings("wecom", "{name} {email} {role} {id} {event} {time} {"))
	n.closed = false

	var next http.Handler = &fakeUpstream{packed: zipped([]byte(rehearsalAnswer))}
	watched := openwebui.Watched(openwebui.Events())
	m := &middleware{next: next, name: "rehearsal", mark: "rehearsal", watched: watched, begin: openwebui.Beginning(watched), notifier: n}
	m.ServeHTTP(newFakeWriter(), fakeRequest("/", 0))
	rehearseRequests(m, "/api/v1/auths/signup", upstreamKinds)
	rehearseRequests(m, "/api/v1/auths/signup\n", 1)
	rehearseRequests(m, "/api/v1/auths/signin", upstreamKinds)
	n.receive(n.guests.signUps)
	n.receive(n.guests.others)
	n.scan()
	n.stopScan()
	for schedule.Len(n.schedule) > 0 && fake.tries < 100 {
		n.working = true
		schedule.Hurry(n.schedule, time.Now())
		work(n)
		stopTimer(n)
	}
	n.working = true
	n.scan()
	n.stopScan()
	n.leave()
	n.drained.Stop()
	_ = n.close()
}

// rehearseRequests sends one of each of the first kinds.
func rehearseRequests(m *middleware, path string, kinds int) {
	for kind := 0; kind < kinds; kind++ {
		m.ServeHTTP(newFakeWriter(), fakeRequest(path, kind))
	}
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

	options := CreateConfig()
	options.WebhookURLFile = "\x00" // no file can have that name
	fromFile, _ := config.Check(options, "")
	_, _ = readSecrets(n, fromFile)
}

// rehearseEvents reads what no traffic above has.
func rehearseEvents() {
	rows := openwebui.Watched(openwebui.Events())
	answers := []string{
		`{"id":"1","displayName":"","name":{"formatted":"Rehearsal"},"emails":[{"value":"r@rehearsal.invalid"}]}`,
		`{"id":"1","name":"Rehearsal","role":"user","email":"r@rehearsal.invalid","picture":"` + strings.Repeat("x", 5000) + `"}`,
	}
	for i, path := range []string{"/api/v1/scim/v2/Users", "/api/v1/auths/oauth/x/token/exchange"} {
		endpoint := openwebui.Find(rows, http.MethodPost, path)
		rehearseEvent(endpoint, &openwebui.Exchange{Status: http.StatusCreated, Answer: []byte(answers[i])})
	}
	endpoint := openwebui.Find(rows, http.MethodPost, "/api/v1/auths/signup")
	rehearseEvent(endpoint, &openwebui.Exchange{Status: http.StatusOK, Answer: []byte(`{"next_step":"pending"}`), Request: []byte(`{"email":"ΡΣ@rehearsal.invalid"}`)})
}

func rehearseEvent(endpoint *openwebui.Endpoint, shown *openwebui.Exchange) {
	_ = openwebui.EventOf(endpoint, shown, openwebui.AccountOf(endpoint, shown), time.Now())
}

// rehearseLosses runs what happens to notices that are given up or refused, and
// to files that nobody expects.
func rehearseLosses() {
	n := newNotifier("rehearsal", nil, newFakeDisk())
	n.say = silence
	n.note = silence
	now := time.Now()
	folder := outbox.NewFolder("rehearsal", "rehearsal", n.fs)
	notice := &outbox.Notice{ID: "rehearsal", Fields: map[string]string{}, Accepted: now, Folder: folder, Failure: "rehearsal"}
	notice.File = outbox.FileName(notice)
	_ = outbox.Clear(notice)
	_, _ = outbox.Revive(folder)
	file := outbox.File{Name: notice.File}
	_ = file.MovedBack()
	item := schedule.Add(n.schedule, notice)
	schedule.Defer(n.schedule, item, now)
	n.refuse(notice)
	n.sayGivenUp(item, &delivery.Outcome{}, n.outage)
	n.sayStrange("rehearsal")
	n.storedLate(notice, notice, os.ErrNotExist)
	n.clearedLate(notice, os.ErrNotExist)
	n.scanAgain()
}

// rehearseGuests lets somebody come in each way, and the disk lose what was
// remembered in each.
func rehearseGuests() {
	disk := emptyDisk()
	var fs outbox.FS = disk
	n := newNotifier("rehearsal", nil, fs)
	n.say = silence
	n.note = silence
	n.still = true
	n.working = true
	n.guests.others.working = true
	n.closed = true
	n.join(rehearsalSettings("text", ""))
	n.closed = false
	for _, lost := range []string{"nothing", "key"} {
		n.rehearseGuest("1", true)
		n.rehearseGuest("2", false)
		n.rehearseGuest("2", false)
		n.rehearseGuest("", true)
		n.rehearseGuest("3", false) // who was marked by the address
		n.guests.book.LearnFor(0)
		n.owe(n.guests.book, &seen.Account{ID: "5"})
		n.guests.others.working = true // so that it starts no goroutine
		n.endLearning()
		n.receive(n.guests.others)
		_ = disk.Remove(filepath.Join(n.guests.book.Path(), lost))
	}
	n.rehearseWithdrawal()
	n.sayUnless(os.ErrNotExist)
	n.guests.timer = time.AfterFunc(time.Hour, n.endLearning)
	n.stopBookTimer()
	n.guests.others.events = make([]*openwebui.Event, maxGuests)
	see(n, &openwebui.Event{ID: "4"})
	n.guests.others.events = nil // so that the next starts no goroutine
	n.receiveAgain(n.guests.others)
	n.instances = 0
	n.working = true
	_ = n.close()
}

// rehearseGuest is a sign-up, and somebody who signs in.
func (n *notifier) rehearseGuest(id string, isMade bool) {
	guest := &openwebui.Event{Type: openwebui.FirstSeen, ID: id, Email: "r@rehearsal.invalid", Role: "admin", SignUp: isMade, Made: isMade, Time: time.Now()}
	n.guests.others.working = true
	n.guests.signUps.working = true
	see(n, guest)
	n.receive(n.guests.signUps)
	n.receive(n.guests.others)
	n.mark(n.guests.book, guest)
	_ = marking(n, guest)
}

// rehearseWithdrawal takes back a notice that another process sends.
func (n *notifier) rehearseWithdrawal() {
	notice := admit(n, &openwebui.Event{Type: openwebui.FirstSeen, ID: "5", Time: time.Now()})
	_ = store(n, notice, nil)
	n.withdraw(notice)
	n.admitted++
	_ = n.waitInMemory(notice, os.ErrNotExist)
	n.withdraw(notice)
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
	if status == 302 {
		header.Set("Location", ":") // which is no address
	}
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
type fakeUpstream struct {
	packed []byte // the answer in gzip
}

// rehearsalAnswer has a name to clean.
const rehearsalAnswer = `{"id":"1","name":"A  rehearsal","role":"user","email":"r@rehearsal.invalid"}`

// upstreamKinds is how many ways there are.
const upstreamKinds = 6

func (f *fakeUpstream) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	answer := []byte(rehearsalAnswer)
	switch req.Header.Get("Kind") {
	case "1":
		rw.WriteHeader(http.StatusEarlyHints)
		rw.Header().Set("Content-Encoding", "gzip")
		answer = f.packed
	case "2":
		answer = []byte(`{"next_step":"pending"}`)
	case "3":
		rw.WriteHeader(http.StatusBadRequest)
	case "4":
		answer = bytes.Repeat([]byte(`{"name":"`), 150000) // more than is held
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

// fakeDisk keeps files in memory, each in its folder.
type fakeDisk struct {
	folders map[string]map[string][]byte
	bare    bool // it shows nothing that is not there
}

func newFakeDisk() outbox.FS {
	return emptyDisk()
}

func emptyDisk() *fakeDisk {
	return &fakeDisk{folders: map[string]map[string][]byte{}}
}

func (d *fakeDisk) MkdirAll(path string) error {
	for d.folders[path] == nil {
		d.folders[path] = map[string][]byte{}
		path = filepath.Dir(path)
	}
	return nil
}

func (d *fakeDisk) Write(path string, data []byte) error {
	folder := d.folders[filepath.Dir(path)]
	if folder == nil {
		return os.ErrNotExist
	}
	name := filepath.Base(path)
	if folder[name] != nil {
		return os.ErrExist
	}
	folder[name] = data
	return nil
}

func (d *fakeDisk) Rename(from, to string) error {
	data := d.folders[filepath.Dir(from)][filepath.Base(from)]
	_ = d.Remove(from)
	_ = d.MkdirAll(filepath.Dir(to))
	d.folders[filepath.Dir(to)][filepath.Base(to)] = data
	return nil
}

func (d *fakeDisk) SyncDir(_ string) error {
	return nil
}

func (d *fakeDisk) Read(path string, _ int64) ([]byte, error) {
	data := d.folders[filepath.Dir(path)][filepath.Base(path)]
	if data == nil {
		return nil, os.ErrNotExist
	}
	return data, nil
}

// List always shows a stray file beside what is there.
func (d *fakeDisk) List(path string, _ int) ([]outbox.File, error) {
	files := []outbox.File{}
	if !d.bare {
		files = append(files, outbox.File{Name: "stray.json"})
	}
	for name := range d.folders[path] {
		files = append(files, outbox.File{Name: name})
	}
	return files, nil
}

// Folders shows a stray one, too.
func (d *fakeDisk) Folders(path string) ([]string, error) {
	names := []string{"stray"}
	for folder := range d.folders {
		if filepath.Dir(folder) == path {
			names = append(names, filepath.Base(folder))
		}
	}
	return names, nil
}

func (d *fakeDisk) Remove(path string) error {
	delete(d.folders[filepath.Dir(path)], filepath.Base(path))
	return nil
}

// rehearseDisk calls a disk's methods, for a path that no disk has.
func rehearseDisk(disk outbox.FS) {
	const nowhere = "\x00"
	_ = disk.MkdirAll(nowhere)
	_ = disk.Write(nowhere, nil)
	_ = disk.Rename(nowhere, nowhere)
	_ = disk.SyncDir(nowhere)
	_, _ = disk.Read(nowhere, 1)
	_, _ = disk.List(nowhere, 1)
	_, _ = disk.Folders(nowhere)
	_ = disk.Remove(nowhere)
}
