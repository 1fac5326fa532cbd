package catalog_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/plugincopy"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"golang.org/x/mod/modfile"
	"gopkg.in/yaml.v3"
)

// allowed is how long the catalog waits for New.
const allowed = 10 * time.Second

// manifest is what the catalog reads of .traefik.yml.
type manifest struct {
	DisplayName string         `yaml:"displayName"`
	Type        string         `yaml:"type"`
	Import      string         `yaml:"import"`
	Summary     string         `yaml:"summary"`
	IconPath    string         `yaml:"iconPath"`
	BannerPath  string         `yaml:"bannerPath"`
	TestData    map[string]any `yaml:"testData"`
}

func TestManifest(t *testing.T) {
	m := readManifest(t)

	tests := []struct {
		desc string
		ok   bool
	}{
		{desc: "displayName is set", ok: m.DisplayName != ""},
		{desc: "type is middleware", ok: m.Type == "middleware"},
		{desc: "summary is set", ok: m.Summary != ""},
		{desc: "testData is set", ok: len(m.TestData) > 0},
		{desc: "import is the module's path or below it", ok: m.Import == tools.Module || strings.HasPrefix(m.Import, tools.Module+"/")},
		{desc: "iconPath is a picture of the repository", ok: isPicture(t, m.IconPath)},
	}

	for _, test := range tests {
		if !test.ok {
			t.Errorf("got: %+v, want: %s", m, test.desc)
		}
	}
}

func TestReadme(t *testing.T) {
	if len(read(t, "README.md")) == 0 {
		t.Error("got: no README.md, want: one")
	}
}

// TestModule looks at go.mod: a plugin that requires its interpreter is
// refused, and what it requires must be in vendor/.
func TestModule(t *testing.T) {
	file, err := modfile.Parse("go.mod", read(t, "go.mod"), nil)
	if err != nil {
		t.Fatal(err)
	}

	if file.Module.Mod.Path != tools.Module {
		t.Errorf("got: %s, want: %s", file.Module.Mod.Path, tools.Module)
	}

	vendored := string(read(t, "vendor/modules.txt"))

	for _, required := range file.Require {
		path := required.Mod.Path

		if path == "github.com/traefik/yaegi" || path == "github.com/traefik/traefik" || strings.HasPrefix(path, "github.com/traefik/traefik/") {
			t.Errorf("got: %s in go.mod, want: neither Yaegi nor Traefik", path)
		}

		if !strings.Contains(vendored, "# "+path+" "+required.Mod.Version) {
			t.Errorf("got: no %s in vendor/, want: it", required.Mod)
		}
	}
}

// TestNew does what the catalog does last: import, CreateConfig, testData and
// New, interpreted, with no environment and within ten seconds.
func TestNew(t *testing.T) {
	m := readManifest(t)

	clearEnvironment(t)

	gopath := t.TempDir()

	root, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}

	if _, err := plugincopy.Into(gopath, root); err != nil {
		t.Fatal(err)
	}

	begin := time.Now()

	plugin, err := interp.Load(gopath, m.Import, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), allowed)
	defer cancel()

	handler, err := plugin.New(ctx, http.NotFoundHandler(), m.TestData, "test")
	if err != nil {
		t.Fatal(err)
	}

	if took := time.Since(begin); took > allowed {
		t.Errorf("got: %s, want: at most %s", took, allowed)
	}

	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))

	if rec.Code != http.StatusNotFound {
		t.Errorf("got: %d, want: the answer of the next handler", rec.Code)
	}
}

func clearEnvironment(t *testing.T) {
	t.Helper()

	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value) // is set again afterwards
		_ = os.Unsetenv(name)
	}
}

func readManifest(t *testing.T) manifest {
	t.Helper()

	var m manifest

	if err := yaml.Unmarshal(read(t, ".traefik.yml"), &m); err != nil {
		t.Fatal(err)
	}

	return m
}

func isPicture(t *testing.T, path string) bool {
	t.Helper()

	return path != "" && strings.HasPrefix(http.DetectContentType(read(t, path)), "image/")
}

func read(t *testing.T, path string) []byte {
	t.Helper()

	root, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}

	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}

	return data
}
