package tools

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

const (
	// OpenWebUIVersion is the release whose answers are recorded.
	OpenWebUIVersion = "0.12.4"

	uvVersion = "0.13.9"
)

// Left out because nobody signs up with them: they are gigabytes, and Open
// WebUI starts without.
const overrides = `torch ; sys_platform == 'never'
sentence-transformers ; sys_platform == 'never'
faster-whisper ; sys_platform == 'never'
`

// OpenWebUI is the path of an `open-webui` command, installed into .tools/
// where it is not there yet.
func OpenWebUI(ctx context.Context, version string) (string, error) {
	if version == "" {
		version = OpenWebUIVersion
	}

	dir, err := install(ctx, "open-webui-"+version, func(dir string) error {
		return buildOpenWebUI(ctx, version, dir)
	})
	if err != nil {
		return "", fmt.Errorf("open-webui %s: %w", version, err)
	}

	return filepath.Join(dir, "venv", binDir(), program("open-webui")), nil
}

func buildOpenWebUI(ctx context.Context, version, dir string) error {
	python, err := pythonForWebUI(ctx)
	if err != nil {
		return err
	}

	uv, err := uv(ctx)
	if err != nil {
		return err
	}

	list := filepath.Join(dir, "overrides.txt")
	if err := os.WriteFile(list, []byte(overrides), 0o644); err != nil {
		return err
	}

	venv := filepath.Join(dir, "venv")
	if _, err := run(ctx, dir, nil, uv, "venv", "--quiet", "--python", python, venv); err != nil {
		return err
	}

	_, err = run(ctx, dir, []string{"VIRTUAL_ENV=" + venv},
		uv, "pip", "install", "--quiet", "--overrides", list, "open-webui=="+version)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMissing, err)
	}

	return nil
}

// uv resolves in seconds what pip takes minutes for.
func uv(ctx context.Context) (string, error) {
	if path, err := exec.LookPath("uv"); err == nil {
		return path, nil
	}

	name := program("uv")

	dir, err := install(ctx, "uv-"+uvVersion, func(dir string) error {
		python, err := pythonWithPip(ctx)
		if err != nil {
			return err
		}

		return fetchScript(ctx, python, "uv=="+uvVersion, name, dir)
	})
	if err != nil {
		return "", err
	}

	return filepath.Join(dir, name), nil
}

func binDir() string {
	if runtime.GOOS == "windows" {
		return "Scripts"
	}

	return "bin"
}
