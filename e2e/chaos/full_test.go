package chaos

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// smallDisk is the folder of a file system that is soon full: each file takes
// a page of its 256 KiB.
func smallDisk(t *testing.T) string {
	t.Helper()

	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		// Not even CI=true can ask for another system or user.
		t.Skip("left out: only root on Linux may mount a tmpfs")
	}

	dir := t.TempDir()

	out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", dir).CombinedOutput()
	if err != nil {
		tools.Check(t, tools.Missing(fmt.Sprintf("a tmpfs cannot be mounted: %v: %s", err, out)))
	}

	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("unmounting: %v: %s", err, out)
		}
	})

	return dir
}

// fill takes what is free on a file system, and returns how to free it.
func fill(t *testing.T, dir string) func() {
	t.Helper()

	name := filepath.Join(dir, "filling")

	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()

	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}

	if !strings.Contains(err.Error(), "no space left") {
		t.Fatal(err)
	}

	return func() {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	}
}

func TestFullDisk(t *testing.T) {
	const (
		more    = 20
		waiting = 300 // of which some fit
	)

	stateDir, r, app := smallDisk(t), receiver.Run(t), run(t, atOnce)
	r.SwitchOff()

	o := options{"webhookURL": r.URL(), "stateDir": stateDir, "message": "{name}"}
	s := traefik.Run(t, traefik.Options{Static: traefik.Quiet, Dynamic: dynamic(app.URL, o)})

	signUpMany := func(label string, count int) []string {
		var (
			names   []string
			slowest time.Duration
		)

		for i := range count {
			names = append(names, fmt.Sprintf("%s %03d", label, i))
			begin := time.Now()

			if err := signUp(s.Addr(), names[i]); err != nil {
				t.Fatal(err)
			}

			slowest = max(slowest, time.Since(begin))
		}

		t.Logf("%d clients (%s) were answered, the slowest after %v", count, label, slowest.Round(time.Millisecond))

		// A disk holds a sign-up for a second; a full one says so at once.
		if slowest > 2*time.Second {
			t.Errorf("got: an answer after %v, want: at once", slowest)
		}

		return names
	}

	names := signUpMany("waiting", waiting)

	stored := len(statedir.Files(t, stateDir, middleware, "new"))
	if stored == 0 || stored >= waiting {
		t.Errorf("got: %d of %d stored, want: some", stored, waiting)
	}

	if left := statedir.Files(t, stateDir, middleware, "tmp"); len(left) > 0 {
		t.Errorf("got: %q in tmp/, want: nothing of what did not fit", left)
	}

	accounts := app.accounts()
	firstUnstored := idOf(accounts[names[stored]])

	lines := s.Lines(traefik.Error, "could not be stored")
	if len(lines) == 0 || len(lines) > 4 {
		t.Errorf("got: %d lines, want: some, for 1, 10 and 100 notices: %q", len(lines), lines)
	}

	if want := "notice " + firstUnstored + " could not be stored and waits in memory"; len(lines) > 0 && !strings.Contains(lines[0], want) {
		t.Errorf("got: %s, want: %s", lines[0], want)
	}

	if want := "no space left on device"; len(lines) > 0 && (!strings.Contains(lines[0], want) || !strings.Contains(lines[0], "free space")) {
		t.Errorf("got: %s, want: %s and what to check", lines[0], want)
	}

	if err := r.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	wantDelivered(t, r, names)

	// Delivered, everything is gone from the disk, and there is room again.
	statedir.Drain(t, patience, stateDir, middleware)

	// Full to the last byte, then free again: what comes then is stored.
	r.SwitchOff()

	free := fill(t, stateDir)

	names = append(names, signUpMany("full", more)...)

	if left := statedir.Files(t, stateDir, middleware, "new"); len(left) > 0 {
		t.Errorf("got: %d files on a full disk, want: none", len(left))
	}

	free()

	names = append(names, signUpMany("free again", more)...)

	if got := statedir.Files(t, stateDir, middleware, "new"); len(got) != more {
		t.Errorf("got: %d files, want: %d", len(got), more)
	}

	if err := r.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	wantDelivered(t, r, names)
}

// TestFullDiskHoldsSoManyInMemory goes on until no more is taken.
func TestFullDiskHoldsSoManyInMemory(t *testing.T) {
	const beyond = 150

	stateDir, r, app := smallDisk(t), receiver.Run(t), run(t, atOnce)
	r.SwitchOff()
	fill(t, stateDir)

	o := options{"webhookURL": r.URL(), "stateDir": stateDir, "message": "{name}"}
	s := traefik.Run(t, traefik.Options{Static: traefik.Quiet, Dynamic: dynamic(app.URL, o)})

	var names []string

	for i := range outbox.MaxInMemory + beyond {
		names = append(names, fmt.Sprintf("%04d", i))

		if err := signUp(s.Addr(), names[i]); err != nil {
			t.Fatal(err)
		}
	}

	lines := s.Lines(traefik.Error, "no more fit")
	if len(lines) != 3 || !strings.Contains(lines[2], " 100 so far were not taken") {
		t.Errorf("got: %q, want: three lines, for 1, 10 and 100 notices", lines)
	}

	if err := r.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	wantDelivered(t, r, names[:outbox.MaxInMemory])
}

// wantDelivered waits until all those are announced, and wants each once, in
// order, and nobody else.
func wantDelivered(t *testing.T, r *receiver.Receiver, names []string) {
	t.Helper()

	taken, err := r.Await(wait.AtMost(t, patience), len(names))
	if err != nil {
		t.Fatal(err)
	}

	got := make([]string, 0, len(taken))
	for _, request := range taken {
		got = append(got, request.Body)
	}

	if !slices.Equal(got, names) {
		t.Errorf("got: %d notices, %.200q, want: %d, %.200q", len(got), got, len(names), names)
	}
}
