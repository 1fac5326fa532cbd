package traefik

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

var plugins = map[string]string{"header": "testdata/header"}

func inYAML(url, value string) string {
	return fmt.Sprintf(`
http:
  routers:
    all:
      rule: PathPrefix(%[1]s/%[1]s)
      middlewares: [mark]
      service: app
  middlewares:
    mark:
      plugin:
        header:
          value: %[3]s
  services:
    app:
      loadBalancer:
        servers:
          - url: %[2]s
`, "`", url, value)
}

func inTOML(url, value string) string {
	return fmt.Sprintf(`
# TOML this time.
[http.routers.all]
rule = "PathPrefix(%[1]s/%[1]s)"
middlewares = ["mark"]
service = "app"
[http.middlewares.mark.plugin.header]
value = "%[3]s"
[[http.services.app.loadBalancer.servers]]
url = "%[2]s"
`, "`", url, value)
}

func TestLifeOfAServer(t *testing.T) {
	app := httptest.NewServer(http.NotFoundHandler())
	defer app.Close()

	s := Run(t, Options{Plugins: plugins, Dynamic: inYAML(app.URL, "one"), Env: []string{"HEADER_TEST=from-outside"}})
	wantHeader(t, s, "one")

	if want := "made mark@file with one and from-outside"; s.AwaitLog(t.Context(), want) != nil {
		t.Errorf("got: a log without it, want: %v", want)
	}

	// Each is asked for at once: what WriteDynamic promises is that nothing
	// has to be waited for.
	for round := range 10 {
		value := fmt.Sprint("value-", round)
		if err := s.WriteDynamic(t.Context(), inYAML(app.URL, value)); err != nil {
			t.Fatal(err)
		}

		wantHeader(t, s, value)
	}

	if err := s.WriteDynamic(t.Context(), inTOML(app.URL, "toml")); err != nil {
		t.Fatal(err)
	}

	wantHeader(t, s, "toml")

	before := strings.Count(s.Log(), "with toml")
	if err := s.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}

	if after := strings.Count(s.Log(), "with toml"); after != before+1 {
		t.Errorf("got: %v instances made by a reload, want: 1", after-before)
	}

	pid := s.PID()

	s.Kill()

	if _, err := http.Get(s.URL()); err == nil {
		t.Error("got: an answer after Kill, want: none")
	}

	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	wantHeader(t, s, "toml")

	if s.PID() == pid {
		t.Errorf("got: process %v again, want: another", pid)
	}
}

// TestAddDynamic asks each site at once, while Traefik still reads many files for
// what became of the one before.
func TestAddDynamic(t *testing.T) {
	app := httptest.NewServer(http.NotFoundHandler())
	defer app.Close()

	s := Run(t, Options{Plugins: map[string]string{}})

	for i := range 200 {
		var d Dynamic

		d.Service(fmt.Sprint("other-", i), app.URL)
		write(t, filepath.Join(s.Dir(), "dynamic"), fmt.Sprintf("another-%d.yml", i), d.YAML())
	}

	for round := range 10 {
		name := fmt.Sprintf("site-%d", round)

		var d Dynamic

		d.Service(name, app.URL)
		d.Middleware(name, map[string]any{"headers": map[string]any{"customResponseHeaders": map[string]string{"Site": name}}})
		d.Router(name, Host(name+".test"), name, name)

		if err := s.AddDynamic(t.Context(), name+".yml", d.YAML()); err != nil {
			t.Fatal(err)
		}

		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL(), nil)
		if err != nil {
			t.Fatal(err)
		}

		req.Host = name + ".test"

		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}

		_ = res.Body.Close()

		if got := res.Header.Get("Site"); got != name {
			t.Fatalf("got: the site %q, want: %q", got, name)
		}

		if err := s.RemoveDynamic(name + ".yml"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStartFails(t *testing.T) {
	_, err := tools.Traefik(t.Context(), "")
	tools.Check(t, err)

	broken := t.TempDir()
	write(t, broken, "go.mod", "module example.org/broken\n")
	write(t, broken, ".traefik.yml", "displayName: Broken\ntype: middleware\nimport: example.org/broken\nsummary: x\ntestData: {}\n")
	write(t, broken, "broken.go", "package broken\n\nfunc New() { undefined() }\n")

	tests := []struct {
		desc    string
		options Options
		want    string
	}{
		{desc: "a plugin that does not load", options: Options{Plugins: map[string]string{"broken": broken}}, want: "undefined"},
		{desc: "an unknown static option", options: Options{Plugins: plugins, Static: "log: {nonsense: true}"}, want: "nonsense"},
		{desc: "no such plugin", options: Options{Plugins: map[string]string{"none": t.TempDir()}}, want: "no plugin to copy"},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			s, err := Start(t.Context(), test.options)
			if err == nil {
				s.Stop()
				t.Fatal("got: no error")
			}

			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got: %v, want: %v", err, test.want)
			}
		})
	}
}

func TestBrokenDynamicIsNoticed(t *testing.T) {
	s := Run(t, Options{Plugins: plugins})

	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()

	if err := s.WriteDynamic(ctx, "http: ["); err == nil {
		t.Error("got: no error")
	}
}

func TestStaticIsMerged(t *testing.T) {
	s := Run(t, Options{Plugins: map[string]string{}, Static: "log: {level: ERROR}\naccessLog: {}"})

	res, err := http.Get(s.URL() + "/nowhere")
	if err != nil {
		t.Fatal(err)
	}

	_ = res.Body.Close()

	if err := s.AwaitLog(t.Context(), "GET /nowhere"); err != nil {
		t.Error(err)
	}

	if strings.Contains(s.Log(), " DBG ") {
		t.Error("got: debug lines, want: errors only")
	}
}

func wantHeader(t *testing.T, s *Server, want string) {
	t.Helper()

	res, err := http.Get(s.URL())
	if err != nil {
		t.Fatal(err)
	}

	_ = res.Body.Close()

	if got := res.Header.Get("X-Test"); got != want {
		t.Errorf("got: %v, want: %v", got, want)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()

	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
