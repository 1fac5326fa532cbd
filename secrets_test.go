package signupwebhook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
)

func TestURLFile(t *testing.T) {
	receiver := newWebhook(t)
	other := newWebhook(t)
	file := filepath.Join(t.TempDir(), "url")
	options := CreateConfig()
	options.WebhookURLFile = file
	s, _ := config.Check(options, "")
	n, lines := notifierTo(t, "http://127.0.0.1:1/")
	n.join(s)

	accept(n, event("waits")) // the file is not there yet
	awaitLine(t, lines, "no such file")
	write(t, file, "no URL, but a secret")
	hurryNow(n)
	awaitLine(t, lines, "webhookURLFile: there is white space inside")
	write(t, file, receiver.url+"\n")
	hurryNow(n)
	receiver.await(t)
	write(t, file, other.url)
	accept(n, event("rotated"))
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
	accept(n, old)
	awaitLine(t, lines, "no such file")
	write(t, file, receiver.url)
	hurryNow(n)
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
