package plugincopy

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestInto(t *testing.T) {
	source, gopath := t.TempDir(), t.TempDir()

	for _, name := range []string{
		"go.mod", "go.sum", ".traefik.yml", "README.md", "plugin.go", "plugin_test.go",
		"internal/a/a.go", "internal/a/a_test.go", "internal/a/testdata/x.go",
		"vendor/modules.txt", "vendor/example.org/b/b.go",
		"cmd/c/main.go", "cmd/c/go.mod", "handler/h.go", "e2e/go.mod", "e2e/e.go", ".git/config", "testdata/d.go",
	} {
		path := filepath.Join(source, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(path, []byte("module example.org/plugin\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	module, err := Into(gopath, source)
	if err != nil {
		t.Fatal(err)
	}

	if want := "example.org/plugin"; module != want {
		t.Fatalf("got: %v, want: %v", module, want)
	}

	var got []string

	copied := os.DirFS(filepath.Join(gopath, "src", "example.org", "plugin"))
	err = fs.WalkDir(copied, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			got = append(got, name)
		}

		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	want := []string{".traefik.yml", "go.mod", "handler/h.go", "internal/a/a.go", "plugin.go", "vendor/example.org/b/b.go", "vendor/modules.txt"}
	if !slices.Equal(got, want) {
		t.Errorf("got: %v, want: %v", got, want)
	}
}
