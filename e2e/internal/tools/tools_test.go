package tools

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestInstallOnce(t *testing.T) {
	dir := t.TempDir()

	var (
		group sync.WaitGroup
		built atomic.Int32
	)

	for range 8 {
		group.Go(func() {
			path, err := installIn(t.Context(), dir, "tool-1", func(dir string) error {
				built.Add(1)

				return os.WriteFile(filepath.Join(dir, "tool"), []byte("whole"), 0o600)
			})
			if err != nil {
				t.Error(err)
				return
			}

			if text, _ := os.ReadFile(filepath.Join(path, "tool")); string(text) != "whole" {
				t.Errorf("got: %q, want: %q", text, "whole")
			}
		})
	}

	group.Wait()

	if got := built.Load(); got != 1 {
		t.Errorf("got: %v builds, want: 1", got)
	}
}

func TestInstallAgainAfterABrokenOffBuild(t *testing.T) {
	dir := t.TempDir()
	broken := errors.New("the line was cut")

	_, err := installIn(t.Context(), dir, "tool-1", func(dir string) error {
		if err := os.WriteFile(filepath.Join(dir, "half"), nil, 0o600); err != nil {
			return err
		}

		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got: %v, want: %v", err, broken)
	}

	path, err := installIn(t.Context(), dir, "tool-1", func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}

	if _, err := os.Stat(filepath.Join(path, "half")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got: %v, want: the half build gone", err)
	}
}

func TestUnzipScript(t *testing.T) {
	wheel := filepath.Join(t.TempDir(), "tool-1-py3-none-any.whl")

	out, err := os.Create(wheel)
	if err != nil {
		t.Fatal(err)
	}

	archive := zip.NewWriter(out)
	for name, text := range map[string]string{"tool/tool": "a module", "tool-1.data/scripts/tool": "the program"} {
		file, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}

		if _, err := file.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}

	if err := errors.Join(archive.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}

	target := filepath.Join(t.TempDir(), "tool")
	if err := unzipScript(wheel, "tool", target); err != nil {
		t.Fatal(err)
	}

	text, err := os.ReadFile(target)
	if err != nil || string(text) != "the program" {
		t.Errorf("got: %q (%v), want: %q", text, err, "the program")
	}

	if info, err := os.Stat(target); err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("got: a program that cannot be run (%v)", err)
	}

	if err := unzipScript(wheel, "other", target); err == nil {
		t.Error("got: no error for a program that the wheel lacks")
	}
}

func TestMissingPythonIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())

	_, err := pythonWithPip(t.Context())
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "install") {
		t.Errorf("got: %v, want: what is missing and what to do", err)
	}

	_, err = pythonForWebUI(t.Context())
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "3.12") {
		t.Errorf("got: %v, want: what is missing and what to do", err)
	}
}

func TestTraefikBin(t *testing.T) {
	fake := filepath.Join(t.TempDir(), "my-traefik")
	if err := os.WriteFile(fake, []byte("#!/bin/sh\necho 'Version:      3.9.1'\n"), 0o700); err != nil {
		t.Fatal(err)
	}

	t.Setenv("TRAEFIK_BIN", fake)

	got, err := Traefik(t.Context(), "")
	if err != nil || got != fake {
		t.Errorf("got: %v (%v), want: %v", got, err, fake)
	}

	t.Setenv("TRAEFIK_BIN", fake+"-which-is-not-there")

	if _, err := Traefik(t.Context(), ""); err == nil {
		t.Error("got: no error, want: TRAEFIK_BIN leads nowhere")
	}
}
