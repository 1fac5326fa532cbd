package signupwebhook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
)

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
		accept(n, event("Tim"))
		first := receiver.await(t)
		awaitLine(t, lines, test.said)
		hurryNow(n)
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

func TestOrder(t *testing.T) {
	receiver := newWebhook(t, 503)
	n, _ := notifierTo(t, receiver.url)
	want := []string{"a", "a", "b", "c", "d"} // the first one twice
	for _, name := range want[1:] {
		accept(n, event(name))
	}
	for i, name := range want {
		got := receiver.await(t)
		if got.body != "Neuer Benutzer registriert: "+name {
			t.Errorf("notice %d: got: %q, want: %s", i, got.body, name)
		}
	}
}

func TestARefusedNoticeLetsOthersGoFirst(t *testing.T) {
	receiver := newPausingWebhook(t, 403)
	n, lines := notifierTo(t, receiver.url)
	accept(n, event("refused"))
	first := receiver.await(t)
	accept(n, event("next")) // at once, although a pause is on
	second := receiver.await(t)
	awaitLine(t, lines, "delivered again")
	hurryNow(n)
	third := receiver.await(t)
	got := fmt.Sprint(first.body, second.body, third.body)
	want := strings.Replace(fmt.Sprint("?refused", "?next", "?refused"), "?", "Neuer Benutzer registriert: ", -1)
	if got != want {
		t.Errorf("got: %q, want: %q", got, want)
	}
}

func TestGivesUpInTheEnd(t *testing.T) {
	receiver := newWebhook(t, 500)
	n, lines := notifierTo(t, receiver.url)
	old := event("Tim")
	old.Time = time.Now().Add(-config.DefaultRetryFor - time.Second)
	accept(n, old)
	receiver.await(t)
	awaitIdle(t, n)
	if !strings.Contains(lines.text(), "is given up after 1 tries") {
		t.Errorf("got: %q, want: Tim to be given up", lines.text())
	}
	accept(n, event("Tom"))
	got := receiver.await(t)
	if !strings.HasSuffix(got.body, "Tom") {
		t.Errorf("got: %q, want: Tom", got.body)
	}
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
	accept(n, event("Tim"))
	awaitLine(t, lines, "a fault of the plugin")
	n.join(settingsFor(t, receiver.url))
	receiver.await(t)
}

// Another configuration may ask for what a waiting notice was not kept for: its
// time is that of its acceptance.
func TestTimeOfWhatWaits(t *testing.T) {
	failing := newPausingWebhook(t, 503, 503)
	working := newWebhook(t)
	n, _ := notifierTo(t, failing.url)
	waits := event("Tim")
	accept(n, waits)
	failing.await(t)
	options := CreateConfig()
	options.WebhookURL = working.url
	options.Message = "{name} at {time}"
	s, problems := config.Check(options, "")
	if s == nil {
		t.Fatal(problems)
	}
	n.join(s)
	got := working.await(t)
	want := "Tim at " + waits.Time.UTC().Format(time.RFC3339)
	if got.body != want {
		t.Errorf("got: %q, want: %q", got.body, want)
	}
}

// Settings that come while the disk is waited for are used for this try, too.
func TestNewSettingsDuringARead(t *testing.T) {
	before := newWebhook(t)
	after := newWebhook(t)
	dir := stateFolder(t)
	disk := newTrialDisk()
	n, _ := startSpool(t, t.Name(), dir, before.url, disk)
	release := disk.hang("Read")
	accept(n, event("Tim"))
	await(t, "the file to be read", func() bool { return disk.mostHung() > 0 })
	n.join(spoolSettings(t, dir, after.url))
	disk.unhang("Read")
	close(release)
	awaitBody(t, after, "Tim")
	awaitIdle(t, n)
	if len(before.got) > 0 {
		t.Error("got: a notice at the old URL, want: none")
	}
}
