package readme

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/markdown"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/yamltree"
)

const patience = 20 * time.Second

// configuration is the first block in a language that begins so.
func configuration(t *testing.T, path, language, begin string) string {
	t.Helper()

	for _, s := range page(t, path) {
		for _, block := range s.Blocks {
			if block.Language == language && strings.HasPrefix(block.Code, begin) {
				return block.Code
			}
		}
	}

	t.Fatalf("%s: got: no block of %s that begins with %q, want: one", path, language, begin)

	return ""
}

// TestBlocks has no block added without a test: labels and Kubernetes are those
// of e2e/examples.
func TestBlocks(t *testing.T) {
	tried := []string{"experimental:", "http:\n", "[http.routers.open-webui]", "labels:", "apiVersion:", "events:", "http:\n"}
	at := 0

	var all markdown.Page
	for _, path := range twins {
		all = append(all, page(t, path)...)
	}

	for _, s := range all {
		for _, block := range s.Blocks {
			if block.Language == "" {
				continue
			}

			if at == len(tried) || !strings.HasPrefix(block.Code, tried[at]) {
				t.Fatalf("got: %.40q as block %d, want: %q", block.Code, at, tried[min(at, len(tried)-1)])
			}

			at++
		}
	}

	if at != len(tried) {
		t.Errorf("got: %d blocks, want: %d", at, len(tried))
	}
}

type object = map[string]any

// TestTraefik follows the quick start, and then what else the page shows: each
// configuration is loaded as it stands there, but for the address of Open WebUI and the folder.
// TestTwins has compared the other page's.
func TestTraefik(t *testing.T) {
	app := webui.RunStandIn(t)

	const inFile = "http://127.0.0.1:8080"

	sink, dir, stateDir := receiver.Run(t), t.TempDir(), filepath.Join(t.TempDir(), "signupwebhook")
	inYAML := strings.ReplaceAll(configuration(t, english, "yaml", "http:"), inFile, app.URL)
	inTOML := strings.ReplaceAll(configuration(t, english, "toml", "[http."), inFile, app.URL)

	// Where the clone would be.
	at := filepath.Join(dir, "plugins-local", "src", filepath.FromSlash(tools.Module))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}

	if err := os.Symlink(root(t), at); err != nil {
		t.Fatal(err)
	}

	server := traefik.Run(t, traefik.Options{
		Dir:     dir,
		Plugins: map[string]string{}, // the harness's copy of the plugin would make the page's own words superfluous
		Static:  configuration(t, english, "yaml", "experimental:"),
		Dynamic: inYAML,
		Env:     []string{"WEBHOOK_URL=" + sink.URL() + "/hook"},
	})

	forms := []struct {
		desc    string
		dynamic string // "" leaves it
		name    string
	}{
		{desc: "YAML", name: "Tim"},
		{desc: "TOML", dynamic: inTOML, name: "Tom"},
		{desc: "a router for sign-ups alone", dynamic: alone(t, inYAML), name: "Ada"},
		{desc: "events and a folder", dynamic: withOptions(t, inYAML, stateDir), name: "Eve"},
	}

	for i, form := range forms {
		if form.dynamic != "" {
			if err := server.WriteDynamic(t.Context(), form.dynamic); err != nil {
				t.Fatalf("%s: %v", form.desc, err)
			}
		}

		webui.SignUpAt(t, server.URL(), "chat.example.org", form.name, webui.EmailOf(form.name))

		taken, err := sink.Await(wait.AtMost(t, patience), i+1)
		if err != nil {
			t.Fatalf("%s: %v", form.desc, err)
		}

		if got, want := taken[i].Body, "Neuer Benutzer registriert: "+form.name; got != want || taken[i].Target != "/hook" {
			t.Errorf("%s: got: %q at %s, want: %q at /hook", form.desc, got, taken[i].Target, want)
		}
	}

	if found, _ := filepath.Glob(filepath.Join(stateDir, "*", "new")); len(found) != 1 {
		t.Errorf("got: %d folders for what waits, want: one", len(found))
	}
}

// alone is the page's pair of routers with the middleware and the service of
// the block before it.
func alone(t *testing.T, complete string) string {
	t.Helper()

	routers := section(t, "docs/router.md", "A router for sign-ups alone").Blocks[0].Code
	whole := yamltree.Parse(t, complete)
	whole["http"].(object)["routers"] = yamltree.Parse(t, routers)["http"].(object)["routers"]

	return yamltree.Text(t, whole)
}

// withOptions adds those of the page's block to the middleware.
func withOptions(t *testing.T, complete, stateDir string) string {
	t.Helper()

	more := yamltree.Parse(t, configuration(t, english, "yaml", "events:"))
	if more["stateDir"] != "/var/lib/signupwebhook" {
		t.Errorf("got: %v, want: the folder that the test replaces", more["stateDir"])
	}

	more["stateDir"] = stateDir

	whole := yamltree.Parse(t, complete)

	options := whole["http"].(object)["middlewares"].(object)["notify"].(object)["plugin"].(object)[traefik.Alias].(object)
	for word, value := range more {
		options[word] = value
	}

	return yamltree.Text(t, whole)
}
