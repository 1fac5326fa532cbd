package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// TestSyncs counts what the kernel was asked to sync for each sign-up: at most
// two files and two folders more with stateDir than without.
func TestSyncs(t *testing.T) {
	const (
		count = 50
		bound = 2 + 2
	)

	if runtime.GOOS != "linux" {
		tools.Check(t, tools.Missing("calls of the kernel are traced as Linux lets them be"))
	}

	strace, err := tools.Debian(t.Context(), "strace", "strace")
	tools.Check(t, err)

	r, app := receiver.Run(t), run(t, atOnce)

	syncs := func(stateDir string) float64 {
		s := traefik.Run(t, traefik.Options{Static: traefik.Quiet, Dynamic: dynamic(app.URL, options{"webhookURL": r.URL(), "stateDir": stateDir})})
		defer s.Shutdown()

		// The first makes the folder, which is no matter of each sign-up.
		mustSignUp(t, s, fmt.Sprint("first ", stateDir))

		log := filepath.Join(t.TempDir(), "calls")
		stop := trace(t, strace, s.PID(), log)

		for i := range count {
			mustSignUp(t, s, fmt.Sprint(i, " ", stateDir))
		}

		stop()

		calls, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}

		return float64(strings.Count(string(calls), "sync(")) / count
	}

	without, with := syncs(""), syncs(t.TempDir())
	t.Logf("%.2f syncs for a sign-up without stateDir, %.2f with it", without, with)

	if with < 1 || with-without > bound {
		t.Errorf("got: %.2f syncs for a sign-up, want: 1 to %d", with-without, bound)
	}
}

func mustSignUp(t *testing.T, s *traefik.Server, name string) {
	t.Helper()

	if err := signUp(s.Addr(), name); err != nil {
		t.Fatal(err)
	}
}

// trace writes down a process's syncs until stop is called.
func trace(t *testing.T, strace string, pid int, log string) (stop func()) {
	t.Helper()

	// It says on stderr when it is attached.
	said, err := os.Create(log + ".said")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = said.Close() }()

	cmd := exec.CommandContext(t.Context(), strace, "-f", "-e", "trace=fsync,fdatasync", "-o", log, "-p", fmt.Sprint(pid))
	cmd.Stderr = said
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) } // it lets go of the process

	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}

	wait.Until(t, patience, func() error {
		text, err := os.ReadFile(said.Name())
		if strings.Contains(string(text), "not permitted") {
			t.Skip("left out: this system lets nobody trace a process") // not even CI=true can ask for another
		}

		if err == nil && !strings.Contains(string(text), "attached") {
			err = fmt.Errorf("strace is not there yet: %s", text)
		}

		return err
	})

	return func() {
		_ = cmd.Cancel()
		_ = cmd.Wait()
	}
}
