//go:build unix

package scenario

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// TestURLFileThatHangs has a file of which the opening never ends, as on a
// network file system that is away. Another configuration is a way out.
func TestURLFileThatHangs(t *testing.T) {
	p, app, host := shared(t), webui.RunStandIn(t), hostOf(t)
	inbox := receiver.Run(t)
	pipe := filepath.Join(t.TempDir(), "url")

	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}

	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURLFile": pipe}}})
	p.signUp(t, host, "waits")

	if err := p.AwaitLog(t.Context(), host+"-1@file: notice"); err != nil {
		t.Fatal(err)
	}

	want := "does not answer within a second"
	if lines := p.Lines(traefik.Error, host+"-1@file: notice"); !strings.Contains(lines[0], want) {
		t.Errorf("got: %q, want: %s", lines, want)
	}

	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": inbox.URL()}}})

	if _, err := inbox.AwaitBody(wait.AtMost(t, patience), receiver.Greeting+"waits"); err != nil {
		t.Error(err)
	}
}
