package tools

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const yaegiModule = "github.com/traefik/yaegi"

// YaegiRace is the path of a `yaegi` command built with -race, of the version
// that the nested module requires.
func YaegiRace(ctx context.Context) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}

	nested := filepath.Join(root, "e2e")

	version, err := run(ctx, nested, nil, "go", "list", "-m", "-f", "{{.Version}}", yaegiModule)
	if err != nil {
		return "", err
	}

	name := program("yaegi")

	// The compiler's version is part of the name because the interpreter
	// carries that compiler's standard library.
	dir, err := install(ctx, "yaegi-race-"+version+"-"+runtime.Version(), func(dir string) error {
		if err := CCompiler(ctx); err != nil {
			return err
		}

		_, err := run(ctx, nested, []string{"CGO_ENABLED=1"},
			"go", "build", "-race", "-o", filepath.Join(dir, name), yaegiModule+"/cmd/yaegi")

		return err
	})
	if err != nil {
		return "", fmt.Errorf("race-checked Yaegi: %w", err)
	}

	return filepath.Join(dir, name), nil
}

// CCompiler says what to do where the race detector cannot be linked.
func CCompiler(ctx context.Context) error {
	out, err := run(ctx, "", nil, "go", "env", "CC")
	if err != nil {
		return err
	}

	// CC may carry arguments behind the program's name.
	if words := strings.Fields(out); len(words) > 0 {
		if _, err := exec.LookPath(words[0]); err == nil {
			return nil
		}
	}

	return fmt.Errorf("%w: a C compiler, which race-checked runs need; install gcc or clang (Debian: apt-get install gcc libc6-dev)", ErrMissing)
}
