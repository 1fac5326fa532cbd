package examples

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/yamltree"
)

// project loads an example's Compose file with the reference implementation,
// which checks it against the specification's schema and replaces variables.
func project(t *testing.T, example string, env ...string) *types.Project {
	t.Helper()

	project, err := loadProject(t.Context(), filepath.Join(dirOf(t, example), "compose.yml"), env...)
	if err != nil {
		t.Fatal(err)
	}

	return project
}

func loadProject(ctx context.Context, file string, env ...string) (*types.Project, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithEnv(env))
	if err != nil {
		return nil, err
	}

	return options.LoadProject(ctx)
}

// TestComposeFiles looks at what else the tests take for granted: that what
// Traefik reads is mounted where it looks.
func TestComposeFiles(t *testing.T) {
	for _, example := range []string{"compose", "compose-labels", "dedicated-router"} {
		t.Run(example, func(t *testing.T) {
			p := project(t, example, "WEBHOOK_URL=http://127.0.0.1:9/")
			mounted := map[string]types.ServiceVolumeConfig{}

			for _, volume := range p.Services["traefik"].Volumes {
				mounted[volume.Target] = volume

				if volume.Type == types.VolumeTypeBind && volume.Target != "/var/run/docker.sock" {
					if matches, _ := filepath.Glob(volume.Source); len(matches) == 0 {
						t.Errorf("got: nothing at %s, want: what is mounted at %s", volume.Source, volume.Target)
					}
				}
			}

			plugin := mounted["/plugins-local/src/"+tools.Module]
			if module, err := tools.ModuleOf(plugin.Source); err != nil || module != tools.Module {
				t.Errorf("got: %q (%v) where Traefik looks for the plugin, want: this repository", module, err)
			}

			if got := mounted["/state"].Type; got != types.VolumeTypeVolume {
				t.Errorf("got: %q at /state, want: a volume", got)
			}

			for target, volume := range mounted {
				if strings.HasPrefix(target, "/etc/traefik/") && filepath.Base(volume.Source) != filepath.Base(target) {
					t.Errorf("got: %s at %s, want: the file of that name", volume.Source, target)
				}
			}

			if _, ok := p.Services["open-webui"].Environment["WEBHOOK_URL"]; ok {
				t.Error("got: WEBHOOK_URL in Open WebUI's environment, want: in Traefik's alone")
			}
		})
	}
}

func TestCompose(t *testing.T) {
	const example = "compose"

	sink, app, stateDir := receiver.Run(t), newApplication(t), t.TempDir()

	if _, ok := project(t, example).Services["ntfy"]; !ok {
		t.Error("got: no service ntfy, want: that of the URL")
	}

	// As it is mounted: this repository with all that is in it, and not the
	// harness's copy of what is needed.
	dir := t.TempDir()
	linkRepository(t, filepath.Join(dir, "plugins-local", "src", filepath.FromSlash(tools.Module)))

	server := traefik.Run(t, traefik.Options{
		Dir:     dir,
		Plugins: map[string]string{},
		Static:  static(t, yamltree.Parse(t, read(t, dirOf(t, example), "traefik.yml"))),
		Dynamic: replaced(t, read(t, dirOf(t, example), "dynamic.yml"),
			"http://open-webui:8080", app.URL, "http://ntfy/signups", sink.URL()+"/signups", "/state", stateDir),
	})

	signUp(t, server, "chat.localhost", "Tim", nil)
	wantNotices(t, sink, "Neuer Benutzer registriert: Tim")

	if got := sink.Taken()[0]; got.Target != "/signups" || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("got: %s in %s, want: plain text in the topic", got.Target, got.Header.Get("Content-Type"))
	}

	// What its README has people try.
	sink.SwitchOff()
	signUp(t, server, "chat.localhost", "Tom", nil)
	wait.Until(t, patience, func() error { _, err := waiting(stateDir); return err })

	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	if err := sink.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	wantNotices(t, sink, "Neuer Benutzer registriert: Tim", "Neuer Benutzer registriert: Tom")
}

func linkRepository(t *testing.T, at string) {
	t.Helper()

	root, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}

	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}

	if err := os.Symlink(root, at); err != nil {
		t.Fatal(err)
	}
}

func TestComposeLabels(t *testing.T) {
	const example = "compose-labels"

	sink, app, stateDir := receiver.Run(t), newApplication(t), t.TempDir()
	p := project(t, example, "WEBHOOK_URL="+sink.URL()+"/hook")

	if _, err := loadProject(t.Context(), filepath.Join(dirOf(t, example), "compose.yml")); err == nil {
		t.Error("got: no error without WEBHOOK_URL, want: one that names it")
	}

	config := fromFlags(t, p.Services["traefik"].Command)

	provider, _ := dig(config, "providers", "docker").(object)
	if provider == nil {
		t.Fatal("got: no provider docker in Traefik's command")
	}

	provider["endpoint"] = playDocker(t, p, app.Listener.Addr().String(), "/state", stateDir)
	// The container's port is that of the stand-in on the host.
	provider["useBindPortIP"] = true

	target := p.Services["traefik"].Environment["WEBHOOK_URL"]
	if target == nil {
		t.Fatal("got: no WEBHOOK_URL in Traefik's environment")
	}

	server := traefik.Run(t, traefik.Options{Static: static(t, config), Env: []string{"WEBHOOK_URL=" + *target}})
	awaitRouter(t, server, "open-webui@docker")

	signUp(t, server, "chat.localhost", "Tim", nil)
	wantNotices(t, sink, "Neuer Benutzer registriert: Tim (tim@example.org)")

	if found, _ := filepath.Glob(filepath.Join(stateDir, "*", "new")); len(found) != 1 {
		t.Errorf("got: %d folders for what waits, want: one", len(found))
	}
}

// decoded is a target without its escapes.
func decoded(t *testing.T, target string) string {
	t.Helper()

	out, err := url.PathUnescape(target)
	if err != nil {
		t.Fatal(err)
	}

	return out
}

// TestDedicatedRouter is about what a router for sign-ups alone must not do.
func TestDedicatedRouter(t *testing.T) {
	const example = "dedicated-router"

	sink, app, stateDir := receiver.Run(t), newApplication(t), t.TempDir()

	type visit struct {
		target, body string
		header       http.Header
	}

	visits := make(chan visit, 10)

	shop := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		visits <- visit{req.RequestURI, string(body), req.Header}

		rw.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(rw, `{"id":"1","name":"a customer"}`)
	}))
	t.Cleanup(shop.Close)

	secret := filepath.Join(t.TempDir(), "webhook-url.txt")
	writeFile(t, secret, sink.URL()+"/hook\n")

	// The secret is where the middleware looks for it.
	p := project(t, example)
	if !slices.ContainsFunc(p.Services["traefik"].Secrets, func(s types.ServiceSecretConfig) bool {
		return s.Source == "webhook-url" && (s.Target == "" || s.Target == "/run/secrets/webhook-url")
	}) {
		t.Errorf("got: secrets %v, want: webhook-url", p.Services["traefik"].Secrets)
	}

	server := traefik.Run(t, traefik.Options{
		Static: static(t, yamltree.Parse(t, read(t, dirOf(t, example), "traefik.yml"))),
		Dynamic: replaced(t, read(t, dirOf(t, example), "dynamic.yml"), "http://open-webui:8080", app.URL,
			"http://shop:80", shop.URL, "/run/secrets/webhook-url", secret, "/state", stateDir),
	})

	spellings := []string{webui.SignUpPath, webui.SignUpPath + "%0a", "/api%2Fv1/auths/signup", "/api/v1/auths/%73ignup?x"}

	for _, path := range spellings {
		if status, _ := post(t, server, "chat.localhost", path, bodyOf("Nobody"), nil); status != http.StatusUnauthorized {
			t.Errorf("%s without the login: got: %d, want: 401", path, status)
		}
	}

	if got := len(app.requests()); got != 0 {
		t.Errorf("got: %d requests at Open WebUI without the login, want: none", got)
	}

	for _, path := range spellings {
		const customer = `{"name":"a customer","password":"secret"}`

		status, body := post(t, server, "shop.localhost", path, customer, http.Header{"Accept-Encoding": {"zstd"}})
		if status != http.StatusOK || body != `{"id":"1","name":"a customer"}` {
			t.Errorf("%s of the shop: got: %d %s, want: the shop's own answer", path, status, body)
		}

		// Traefik itself rewrites escapes that need not be.
		if got := <-visits; decoded(t, got.target) != decoded(t, path) || got.body != customer || got.header.Get("Accept-Encoding") != "zstd" {
			t.Errorf("%s of the shop: got: %+v, want: as it was sent", path, got)
		}
	}

	login := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("team:change-me"))}}

	var want []string

	for i, path := range spellings {
		name := fmt.Sprintf("Tim%d", i)
		want = append(want, "Neuer Benutzer registriert: "+name)

		if status, body := post(t, server, "chat.localhost", path, bodyOf(name), login); status != http.StatusOK {
			t.Errorf("%s: got: %d %.200s, want: 200", path, status, body)
		}
	}

	wantNotices(t, sink, want...)

	if got := len(app.requests()); got != len(spellings) {
		t.Errorf("got: %d requests at Open WebUI, want: %d, none of the shop's", got, len(spellings))
	}

	for _, req := range app.requests() {
		if got := req.Header.Get("Authorization"); got != "" {
			t.Error("got: the login at Open WebUI, want: none")
		}
	}
}
