package tools

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// pythonWithPip is a Python 3 whose pip works, of any version.
func pythonWithPip(ctx context.Context) (string, error) {
	missing := fmt.Errorf("%w: no Python 3 on PATH; install it with pip (Debian: apt-get install python3-pip; macOS: brew install python)", ErrMissing)

	for _, name := range []string{"python3", "python"} {
		python, err := pythonAt(ctx, name)
		if err != nil {
			continue
		}

		if _, err := run(ctx, "", nil, python.path, "-m", "pip", "--version"); err == nil {
			return python.path, nil
		}

		missing = fmt.Errorf("%w: %s has no pip; install it (Debian: apt-get install python3-pip; elsewhere: %s -m ensurepip)", ErrMissing, name, name)
	}

	return "", missing
}

// pythonForWebUI is a Python of the versions that Open WebUI takes.
func pythonForWebUI(ctx context.Context) (string, error) {
	names := []string{"python3.11", "python3.12", "python3", "python"}
	for _, name := range append(names, pyenvPythons(ctx)...) {
		python, err := pythonAt(ctx, name)
		if err == nil && (python.version == "3.11" || python.version == "3.12") {
			return python.path, nil
		}
	}

	return "", fmt.Errorf("%w: its server needs Python 3.11 or 3.12, and none was found; install one (for instance with `pyenv install 3.12` or `uv python install 3.12`) and put it on PATH", ErrMissing)
}

// pyenvPythons are the versions that pyenv holds, on PATH or not.
func pyenvPythons(ctx context.Context) []string {
	root, err := run(ctx, "", nil, "pyenv", "root")
	if err != nil {
		return nil
	}

	found, _ := filepath.Glob(filepath.Join(root, "versions", "3.1[12].*", "bin", "python"))

	return found
}

type python struct {
	path    string
	version string
}

// pythonAt runs the interpreter: a name on PATH may be a shim that leads
// nowhere.
func pythonAt(ctx context.Context, name string) (python, error) {
	if _, err := exec.LookPath(name); err != nil {
		return python{}, err
	}

	out, err := run(ctx, "", nil, name, "-c", "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable)")
	if err != nil {
		return python{}, err
	}

	version, path, ok := strings.Cut(out, "\n")
	if !ok || !strings.HasPrefix(version, "3.") {
		return python{}, fmt.Errorf("%s is no Python 3", name)
	}

	return python{path: strings.TrimSpace(path), version: strings.TrimSpace(version)}, nil
}

// program is the file name of an executable on this system.
func program(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}

	return name
}
