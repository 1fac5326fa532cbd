package signupwebhook

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// journal collects what a notifier says to the administrator.
type journal struct {
	mu    *sync.Mutex
	lines []string
}

func (j *journal) say(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, line)
}

func (j *journal) text() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.lines, "\n")
}

// notifierTo is one that no registry knows, with settings for a URL.
func notifierTo(t *testing.T, address string) (*notifier, *journal) {
	t.Helper()
	n := newNotifier(t.Name(), delivery.NewClient(nil), outbox.NewDisk())
	lines := &journal{mu: &sync.Mutex{}}
	n.say = lines.say
	n.note = silence
	n.forget = func(_ string) {}
	n.join(settingsFor(t, address))
	t.Cleanup(func() {
		n.mu.Lock()
		n.instances = 0
		n.mu.Unlock()
		n.close()
	})
	return n, lines
}

func settingsFor(t *testing.T, address string) *config.Settings {
	t.Helper()
	options := CreateConfig()
	options.WebhookURL = address
	s, problems := config.Check(options, "")
	if s == nil {
		t.Fatal(problems)
	}
	return s
}

func event(name string) *openwebui.Event {
	return &openwebui.Event{Type: "signup", ID: "id-" + name, Name: name, Time: time.Now()}
}

func TestKeepsTrying(t *testing.T) {
	tests := []struct {
		desc   string
		answer int
		said   string
		next   string
	}{
		{desc: "down", answer: 503, said: "503 Service Unavailable", next: "The next try is in"},
		{desc: "wrong", answer: 404, said: "404 Not Found", next: "Everything waits"},
		{desc: "refused", answer: 400, said: "400 Bad Request", next: "It steps aside"},
		{desc: "faulty", answer: 500, said: "500 Internal Server Error", next: "The next try is in"},
		{desc: "elsewhere", answer: 302, said: "302 Found", next: "Everything waits"},
	}
	for _, test := range tests {
		receiver := newWebhook(t, test.answer)
		n, lines := notifierTo(t, receiver.url)
		n.accept(event("Tim"))
		first := receiver.await(t)
		awaitLine(t, lines, test.said)
		hurry(n)
		second := receiver.await(t)
		if first.body != second.body || first.header.Get("Webhook-Id") != second.header.Get("Webhook-Id") {
			t.Errorf("%s: got: %v and %v, want: the same notice again", test.desc, first, second)
		}
		awaitIdle(t, n)
		said := lines.text()
		if !strings.Contains(said, "Check") || !strings.Contains(said, test.next) {
			t.Errorf("%s: got: %q, want in it: what to check, and %q", test.desc, said, test.next)
		}
		if !strings.Contains(said, "delivered again after") || strings.Contains(said, "secret") {
			t.Errorf("%s: got: %q, want: the end of the outage and no secret", test.desc, said)
		}
	}
}

// hurry stands for the time that passes.
func hurry(n *notifier) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hurry()
}

// await polls for what nothing reports; after a minute the test has failed.
func await(t *testing.T, desc string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s", desc)
		}
		time.Sleep(time.Millisecond)
	}
}

// awaitIdle waits until a notifier has nothing to do.
func awaitIdle(t *testing.T, n *notifier) {
	t.Helper()
	await(t, "nothing left to do", func() bool { return !busy(n) })
}

// awaitLine waits until something was said.
func awaitLine(t *testing.T, lines *journal, text string) {
	t.Helper()
	await(t, text, func() bool { return strings.Contains(lines.text(), text) })
}

func busy(n *notifier) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.working || n.schedule.Len() > 0
}

func TestOrder(t *testing.T) {
	receiver := newWebhook(t, 503)
	n, _ := notifierTo(t, receiver.url)
	want := []string{"a", "a", "b", "c", "d"} // the first one twice
	for _, name := range want[1:] {
		n.accept(event(name))
	}
	for i, name := range want {
		got := receiver.await(t)
		if got.body != "Neuer Benutzer registriert: "+name {
			t.Errorf("notice %d: got: %q, want: %s", i, got.body, name)
		}
	}
}

func TestARefusedNoticeLetsOthersGoFirst(t *testing.T) {
	receiver := newWebhook(t, 403)
	n, lines := notifierTo(t, receiver.url)
	n.accept(event("refused"))
	first := receiver.await(t)
	n.accept(event("next")) // at once, although a pause is on
	second := receiver.await(t)
	awaitLine(t, lines, "delivered again")
	hurry(n)
	third := receiver.await(t)
	got := fmt.Sprint(first.body, second.body, third.body)
	want := strings.Replace(fmt.Sprint("?refused", "?next", "?refused"), "?", "Neuer Benutzer registriert: ", -1)
	if got != want {
		t.Errorf("got: %q, want: %q", got, want)
	}
}

// Names that are refused in turn with ones that are taken are no outage after
// outage: they are summed up, and their end is one line.
func TestRefusalsAreSummedUp(t *testing.T) {
	const refused = 32
	statuses := []int{}
	for i := 0; i < refused; i++ {
		statuses = append(statuses, 400, 200)
	}
	receiver := newWebhook(t, statuses...)
	n, lines := notifierTo(t, receiver.url)
	for i := 0; i < 2*refused; i++ {
		n.accept(event(fmt.Sprint(i)))
		receiver.await(t)
	}
	await(t, "the last answer", func() bool { return waiting(n) == refused })
	said := lines.text()
	if strings.Count(said, "\n")+1 != 6 || !strings.Contains(said, "Failure 32, ") || strings.Contains(said, "again after") {
		t.Errorf("got: %s, want: a line at the first, second, fourth and so on", said)
	}
	hurry(n)
	awaitIdle(t, n)
	if strings.Count(lines.text(), "\n")+1 != 7 || !strings.HasSuffix(lines.text(), ", 0 waiting") {
		t.Errorf("got: %s, want: one line more, for the end", lines.text())
	}
}

func TestGivesUpInTheEnd(t *testing.T) {
	receiver := newWebhook(t, 500)
	n, lines := notifierTo(t, receiver.url)
	old := event("Tim")
	old.Time = time.Now().Add(-config.DefaultRetryFor - time.Second)
	n.accept(old)
	receiver.await(t)
	awaitIdle(t, n)
	if !strings.Contains(lines.text(), "is given up after 1 tries") {
		t.Errorf("got: %q, want: Tim to be given up", lines.text())
	}
	n.accept(event("Tom"))
	got := receiver.await(t)
	if !strings.HasSuffix(got.body, "Tom") {
		t.Errorf("got: %q, want: Tom", got.body)
	}
}

// What is refused long after the last one was given up is news again.
func TestARefusalIsNewsAgain(t *testing.T) {
	receiver := newWebhook(t, 400, 400, 400, 400)
	n, lines := notifierTo(t, receiver.url)
	for i := 1; i <= 4; i++ {
		old := event(fmt.Sprint(i))
		old.Time = time.Now().Add(-config.DefaultRetryFor - time.Second)
		n.accept(old)
		receiver.await(t)
		awaitIdle(t, n)
		got := strings.Count(lines.text(), "is given up after 1 tries; 1 so far")
		if got != i {
			t.Errorf("got: %d lines, want: %d", got, i)
		}
	}
}

func TestNewSettingsAreUsedAtOnce(t *testing.T) {
	failing := newWebhook(t, 503, 503, 503, 503, 503, 503, 503, 503)
	working := newWebhook(t)
	n, _ := notifierTo(t, failing.url)
	n.accept(event("a"))
	n.accept(event("b"))
	failing.await(t)
	n.join(settingsFor(t, working.url))
	for _, name := range []string{"a", "b"} {
		got := working.await(t)
		if !strings.HasSuffix(got.body, name) {
			t.Errorf("got: %q, want: %s", got.body, name)
		}
	}
	awaitIdle(t, n)
	tries := len(failing.got)
	if tries > 1 { // one more may have been under way
		t.Errorf("got: %d more tries at the old URL, want: none", tries)
	}
}

func TestSuspended(t *testing.T) {
	receiver := newWebhook(t)
	n, _ := notifierTo(t, receiver.url)
	n.suspend()
	n.accept(event("Tim"))
	if n.working || n.schedule.Len() != 1 {
		t.Errorf("got: %d waiting, want: 1 that waits for a URL", n.schedule.Len())
	}
	n.join(settingsFor(t, receiver.url))
	receiver.await(t)
}

func TestNoMoreThanFit(t *testing.T) {
	n, lines := notifierTo(t, "http://127.0.0.1:1/")
	n.suspend()
	for i := 0; i < outbox.MaxInMemory+25; i++ {
		n.accept(event(fmt.Sprint(i)))
	}
	if n.schedule.Len() != outbox.MaxInMemory {
		t.Errorf("got: %d waiting, want: %d", n.schedule.Len(), outbox.MaxInMemory)
	}
	said := lines.text()
	if strings.Count(said, "\n") != 1 || !strings.Contains(said, "10 so far") {
		t.Errorf("got: %q, want: two lines that count", said)
	}
}

func TestURLFile(t *testing.T) {
	receiver := newWebhook(t)
	other := newWebhook(t)
	file := filepath.Join(t.TempDir(), "url")
	options := CreateConfig()
	options.WebhookURLFile = file
	s, _ := config.Check(options, "")
	n, lines := notifierTo(t, "http://127.0.0.1:1/")
	n.join(s)

	n.accept(event("waits")) // the file is not there yet
	awaitLine(t, lines, "no such file")
	write(t, file, "no URL, but a secret")
	hurry(n)
	awaitLine(t, lines, "webhookURLFile: there is white space inside")
	write(t, file, receiver.url+"\n")
	hurry(n)
	receiver.await(t)
	write(t, file, other.url)
	n.accept(event("rotated"))
	other.await(t)
	if strings.Contains(lines.text(), "secret") {
		t.Errorf("a secret was logged: %s", lines.text())
	}
}

// TestAMissingFileIsNoTry: a notice that is old already, as after a restart, is
// not given up before it was sent once.
func TestAMissingFileIsNoTry(t *testing.T) {
	receiver := newWebhook(t)
	file := filepath.Join(t.TempDir(), "url")
	options := CreateConfig()
	options.WebhookURLFile = file
	s, _ := config.Check(options, "")
	n, lines := notifierTo(t, "http://127.0.0.1:1/")
	n.join(s)
	old := event("Tim")
	old.Time = time.Now().Add(-config.DefaultRetryFor - time.Second)
	n.accept(old)
	awaitLine(t, lines, "no such file")
	write(t, file, receiver.url)
	hurry(n)
	receiver.await(t)
	awaitIdle(t, n)
	if strings.Contains(lines.text(), "given up") {
		t.Errorf("got: %q, want: nothing given up", lines.text())
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	err := os.WriteFile(file, []byte(text), 0o600)
	if err != nil {
		t.Fatal(err)
	}
}

func TestReloads(t *testing.T) {
	receiver := newWebhook(t)
	options := CreateConfig()
	options.WebhookURL = receiver.url
	handler := build(t, t.Name(), options)
	signUp(handler, "before")
	receiver.await(t)
	before := runtime.NumGoroutine()
	for i := 0; i < 1000; i++ {
		reload(t, options)
	}
	await(t, "no more goroutines than before", func() bool { return runtime.NumGoroutine() <= before+5 })
	signUp(handler, "after")
	got := receiver.await(t)
	if !strings.HasSuffix(got.body, "after") {
		t.Errorf("got: %q, want: the one after", got.body)
	}
	n := notifierOf(t.Name())
	await(t, "the others to be counted off", func() bool { return instancesOf(n) == 1 })
	if draining(n) {
		t.Error("got: it is drained, want: it in use")
	}
}

func notifierOf(name string) *notifier {
	notifiers.mu.Lock()
	defer notifiers.mu.Unlock()
	n := notifiers.byName[name]
	return n
}

func instancesOf(n *notifier) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := n.instances
	return count
}

func reload(t *testing.T, config *Config) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	buildUntil(ctx, t, t.Name(), config)
	buildUntil(ctx, t, t.Name(), config)
}

func TestVanishing(t *testing.T) {
	r := newRegistry()
	ctx, cancel := context.WithCancel(context.Background())
	n := r.join(ctx, "x", settingsFor(t, "http://127.0.0.1:1/"))
	lines := &journal{mu: &sync.Mutex{}}
	n.say = lines.say
	r.forget("x")
	if r.byName["x"] != n {
		t.Error("one with an instance was forgotten")
	}
	cancel()
	await(t, "the last instance to leave", func() bool { return draining(n) })
	n.accept(event("Tim"))
	n.vanish() // as its timer would after ten minutes
	if len(r.byName) != 0 || !strings.Contains(lines.text(), "1 notices were not delivered") {
		t.Errorf("got: %v and %q, want: it to be gone, and a line", r.byName, lines.text())
	}
	n.accept(event("late"))
	if !strings.Contains(lines.text(), "is not sent") {
		t.Errorf("got: %q, want: a line on a late one", lines.text())
	}
	n.drained.Stop()
}

func draining(n *notifier) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.drained != nil
}

func TestFaultsEndNothing(t *testing.T) {
	receiver := newWebhook(t)
	n, lines := notifierTo(t, receiver.url)
	n.mu.Lock()
	broken := *settingsFor(t, receiver.url)
	broken.Header = nil // so that a try panics
	broken.Fingerprint = "broken"
	n.settings = &broken
	n.mu.Unlock()
	n.accept(event("Tim"))
	awaitLine(t, lines, "a fault of the plugin")
	n.join(settingsFor(t, receiver.url))
	receiver.await(t)
}

func TestRehearsalLeavesNothing(t *testing.T) {
	before := len(notifiers.byName)
	rehearse()
	if len(notifiers.byName) != before {
		t.Error("the rehearsal's notifiers are known")
	}
	var _ http.Handler = &fakeUpstream{}
}
