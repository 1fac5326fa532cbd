// Package plugincopy lays a plugin out the way Traefik's local mode and a
// GOPATH of an embedded Yaegi want it: src/<module>/ with what is interpreted
// and nothing else.
package plugincopy

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// Into copies the plugin whose go.mod stands in source to
// gopath/src/<module>, and returns the module's path. For Traefik, gopath is
// the folder plugins-local in its working directory.
func Into(gopath, source string) (string, error) {
	module, err := tools.ModuleOf(source)
	if err != nil {
		return "", fmt.Errorf("no plugin to copy: %w", err)
	}

	target := filepath.Join(gopath, "src", filepath.FromSlash(module))

	err = filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		name, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}

		name = filepath.ToSlash(name)

		if entry.IsDir() {
			if !wantsDir(source, name) {
				return fs.SkipDir
			}

			return nil
		}

		if !entry.Type().IsRegular() || !wantsFile(name) {
			return nil
		}

		return copyFile(path, filepath.Join(target, filepath.FromSlash(name)))
	})
	if err != nil {
		return "", fmt.Errorf("copying the plugin: %w", err)
	}

	return module, nil
}

// Repository copies this repository's plugin into gopath.
func Repository(gopath string) (string, error) {
	root, err := tools.Root()
	if err != nil {
		return "", err
	}

	return Into(gopath, root)
}

// wantsDir leaves out what is no part of the module: modules of its own, and
// folders that Go ignores.
func wantsDir(source, name string) bool {
	base := filepath.Base(name)

	switch {
	case name == "." || strings.HasPrefix(name, "vendor/"):
		return true
	case base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_"):
		return false
	}

	_, err := os.Stat(filepath.Join(source, name, "go.mod"))

	return err != nil
}

func wantsFile(name string) bool {
	top, _, nested := strings.Cut(name, "/")

	switch {
	case nested && top == "vendor":
		return true
	case !nested && (name == "go.mod" || name == ".traefik.yml"):
		return true
	}

	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}

	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}

	return os.WriteFile(to, text, 0o644)
}
