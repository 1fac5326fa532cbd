package examples

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/yamltree"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()

	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSystemd(t *testing.T) {
	dir := dirOf(t, "systemd")
	sink, app := receiver.Run(t), newApplication(t)
	url := filepath.Join(t.TempDir(), "webhook-url")
	writeFile(t, url, sink.URL()+"/hook\n")

	server := traefik.Run(t, traefik.Options{
		Static: static(t, yamltree.Parse(t, read(t, dir, "traefik.yml"))),
		Dynamic: replaced(t, read(t, dir, "dynamic.yml"),
			"http://127.0.0.1:8080", app.URL, "/run/credentials/traefik.service/webhook-url", url),
	})

	signUp(t, server, "chat.example.org", "Tim", nil)
	wantNotices(t, sink, "Neuer Benutzer registriert: Tim")
	wantLog(t, server, dir)

	if found, _ := filepath.Glob(filepath.Join(server.Dir(), "signupwebhook", "*", "new")); len(found) != 1 {
		t.Errorf("got: %d folders for what waits below the working directory, want: one", len(found))
	}
}

// TestUnit has systemd read the unit, and compares it with the configuration.
func TestUnit(t *testing.T) {
	dir := dirOf(t, "systemd")
	text := read(t, dir, "traefik.service")
	unit := map[string]string{}

	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		unit[key] = value
	}

	_, file, _ := strings.Cut(unit["ExecStart"], "--configFile=")
	if filepath.Base(file) != "traefik.yml" {
		t.Errorf("got: the configuration %q, want: traefik.yml", file)
	}

	config := yamltree.Parse(t, read(t, dir, "traefik.yml"))
	if got, want := dig(config, "providers", "file", "filename"), filepath.Join(filepath.Dir(file), "dynamic.yml"); got != want {
		t.Errorf("got: the dynamic configuration %v, want: %s", got, want)
	}

	if got, want := unit["WorkingDirectory"], "/var/lib/"+unit["StateDirectory"]; got != want {
		t.Errorf("got: the working directory %s, want: %s, where the service may write", got, want)
	}

	id, _, _ := strings.Cut(unit["LoadCredential"], ":")
	options := yamltree.Parse(t, read(t, dir, "dynamic.yml"))

	// https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Credentials
	want := "/run/credentials/traefik.service/" + id
	if got := dig(options, "http", "middlewares", "notify", "plugin", traefik.Alias, "webhookURLFile"); got != want {
		t.Errorf("got: the URL in %v, want: %s", got, want)
	}

	analyze, err := tools.Debian(t.Context(), "systemd-analyze", "systemd")
	tools.Check(t, err)

	binary, err := tools.Traefik(t.Context(), "")
	tools.Check(t, err)

	// A unit whose program is not there is refused.
	copied := filepath.Join(t.TempDir(), "traefik.service")
	writeFile(t, copied, replaced(t, text, "/usr/local/bin/traefik", binary))

	out, err := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", copied).CombinedOutput()
	if err != nil || strings.Contains(string(out), copied) {
		t.Errorf("got: %v, %s, want: nothing to say", err, out)
	}
}
