package real

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// Where the page of recipes has the script of its hook, and what that writes.
const (
	hookScript = "/usr/local/bin/on-signup"
	hookOutput = "/var/log/signups"
)

// Webhook is adnanh's webhook with a script of one's own.
type Webhook struct {
	Server

	output string
}

// RunWebhook starts it with a file of hooks, in JSON, and the script that they
// run. Both are written for a system where /usr/local/bin/on-signup writes a
// line for each notice to /var/log/signups, and run in a folder instead.
func RunWebhook(t testing.TB, hooks, script string) *Webhook {
	t.Helper()

	program, err := tools.Webhook(t.Context())
	tools.Check(t, err)

	w := &Webhook{Server: Server{name: "webhook", dir: t.TempDir()}}
	w.output = filepath.Join(w.dir, "signups")
	executable := filepath.Join(w.dir, "on-signup")

	if err := os.WriteFile(executable, []byte(strings.ReplaceAll(script, hookOutput, w.output)), 0o700); err != nil {
		t.Fatal(err)
	}

	hooks = strings.ReplaceAll(hooks, hookScript, executable)

	w.prepare = func(port int) ([]string, []string, error) {
		file := filepath.Join(w.dir, "hooks.json")
		args := []string{program, "-hooks", file, "-ip", "127.0.0.1", "-port", fmt.Sprint(port), "-verbose"}

		return nil, args, os.WriteFile(file, []byte(hooks), 0o600)
	}
	w.ready = func(ctx context.Context) error { return w.answers(ctx, "/") }
	w.run(t)

	return w
}

// Notices are the lines that the script has written.
func (w *Webhook) Notices(context.Context) ([]string, error) {
	text, err := os.ReadFile(w.output)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}

	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' }), err
}
