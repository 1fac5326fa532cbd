package signupwebhook

import (
	"context"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

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

// forgetAfter ends the notifier of a test that has a folder. Without it the
// notifier would look there each minute, for ten more minutes.
func forgetAfter(t *testing.T, n *notifier) {
	t.Helper()
	t.Cleanup(func() {
		end(t, n)
		notifiers.forget(n.name)
	})
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

func TestUnclaimedFoldersAreNamed(t *testing.T) {
	dir := stateFolder(t)
	for _, name := range []string{"mine", "renamed", "idle"} {
		folder := outbox.NewFolder(dir, name, outbox.NewDisk())
		path := leave(t, folder, "Tim", time.Now())
		if name == "idle" {
			_ = os.Remove(path)
		}
	}
	r := newRegistry()
	n, _ := startSpool(t, "mine", dir, nowhere, newTrialDisk())
	r.byName["mine"] = n
	other, _ := notifierTo(t, nowhere)
	r.byName["in memory"] = other
	said := captured(r.sayUnclaimed)
	if !strings.Contains(said, dir) || !strings.Contains(said, outbox.Subfolder("renamed")) || strings.Contains(said, outbox.Subfolder("mine")) || strings.Contains(said, outbox.Subfolder("idle")) {
		t.Errorf("got: %q, want: the renamed one named", said)
	}
	err := os.RemoveAll(filepath.Join(dir, outbox.Subfolder("renamed")))
	if err != nil {
		t.Fatal(err)
	}
	said = captured(r.sayUnclaimed)
	if said != "" {
		t.Errorf("got: %q, want: nothing", said)
	}
}

// captured is what is logged during a call.
func captured(call func()) string {
	text := &strings.Builder{}
	log.SetOutput(text)
	call()
	log.SetOutput(os.Stderr)
	return text.String()
}

func TestMiddlewaresShareAStateDir(t *testing.T) {
	dir := stateFolder(t)
	names := []string{"notify@file", "Notify@file", "notify@docker", "notify/file", "../notify", ""}
	paths := map[string]bool{}
	for _, name := range names {
		n, _ := startSpool(t, name, dir, nowhere, newTrialDisk())
		accept(n, event("Tim"))
		paths[strings.ToLower(n.folderPath())] = true
		if len(boxOf(n, "new")) != 1 || filepath.Dir(n.folderPath()) != dir {
			t.Errorf("%q: got: %v in %s, want: its own in a folder of stateDir", name, boxOf(n, "new"), n.folderPath())
		}
	}
	if len(paths) != len(names) {
		t.Errorf("got: %v, want: a folder each", paths)
	}
	receiver := newWebhook(t)
	n, _ := startSpool(t, names[1], dir, receiver.url, newTrialDisk())
	got := awaitBody(t, receiver, "Tim")
	awaitIdle(t, n)
	if got.header.Get("Webhook-Id") != delivery.WebhookID(names[1], "id-Tim") || len(receiver.got) > 0 {
		t.Errorf("got: %v, want: its own alone", got.header)
	}
}
