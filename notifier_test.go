package signupwebhook

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
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
	rehearsed()
	n := newNotifier(t.Name(), delivery.NewClient(nil), outbox.NewDisk())
	lines := &journal{mu: &sync.Mutex{}}
	n.say = lines.say
	n.note = silence
	n.forget = func(_ string) {}
	n.join(settingsFor(t, address))
	t.Cleanup(func() { end(t, n) })
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

// hurryNow stands for the time that passes.
func hurryNow(n *notifier) {
	n.mu.Lock()
	defer n.mu.Unlock()
	hurry(n)
}

// await polls for what nothing reports. How long that takes is no claim: a test
// that waits for five minutes has failed.
func await(t *testing.T, desc string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Minute)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("not within five minutes: %s", desc)
		}
		time.Sleep(time.Millisecond)
	}
}

// awaitIdle waits until a notifier has nothing to do.
func awaitIdle(t *testing.T, n *notifier) {
	t.Helper()
	await(t, "nothing left to do", func() bool { return !busy(n) })
}

// awaitPause waits until a failed try has led to a pause, which hurry would not
// end before it has begun.
func awaitPause(t *testing.T, n *notifier) {
	t.Helper()
	await(t, "a pause", func() bool { return !isWorking(n) })
}

// awaitLine waits until something was said.
func awaitLine(t *testing.T, lines *journal, text string) {
	t.Helper()
	await(t, text, func() bool { return strings.Contains(lines.text(), text) })
}

func busy(n *notifier) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.working || schedule.Len(n.schedule) > 0
}

func TestNewSettingsAreUsedAtOnce(t *testing.T) {
	failing := newPausingWebhook(t, 503, 503)
	working := newWebhook(t)
	n, _ := notifierTo(t, failing.url)
	accept(n, event("a"))
	accept(n, event("b"))
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
	accept(n, event("Tim"))
	if n.working || schedule.Len(n.schedule) != 1 {
		t.Errorf("got: %d waiting, want: 1 that waits for a URL", schedule.Len(n.schedule))
	}
	n.join(settingsFor(t, receiver.url))
	receiver.await(t)
}

func TestNoMoreThanFit(t *testing.T) {
	n, lines := notifierTo(t, "http://127.0.0.1:1/")
	n.suspend()
	for i := 0; i < outbox.MaxInMemory+25; i++ {
		accept(n, event(fmt.Sprint(i)))
	}
	if schedule.Len(n.schedule) != outbox.MaxInMemory {
		t.Errorf("got: %d waiting, want: %d", schedule.Len(n.schedule), outbox.MaxInMemory)
	}
	said := lines.text()
	if strings.Count(said, "\n") != 1 || !strings.Contains(said, "10 so far") {
		t.Errorf("got: %q, want: two lines that count", said)
	}
	n.mu.Lock()
	sayRefused(n) // as when all are delivered
	sayRefused(n)
	n.mu.Unlock()
	if strings.Count(lines.text(), "there is room again; 25 notices were not taken") != 1 {
		t.Errorf("got: %q, want: one more line, with all of them", lines.text())
	}
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
	accept(n, event("Tim"))
	n.vanish() // as its timer would after ten minutes
	if len(r.byName) != 0 || !strings.Contains(lines.text(), "1 notices were not delivered") {
		t.Errorf("got: %v and %q, want: it to be gone, and a line", r.byName, lines.text())
	}
	accept(n, event("late"))
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
