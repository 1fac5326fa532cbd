package chaos

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// TestStraysAreTakenUp kills a process beside one that goes on, which takes up
// what the dead one left when it is five minutes old, and not before.
func TestStraysAreTakenUp(t *testing.T) {
	const (
		strayAge = 5 * time.Minute
		scan     = time.Minute
		count    = 20
	)

	t.Parallel()

	stateDir, app, r := t.TempDir(), run(t, atOnce), receiver.Run(t)
	r.SwitchOff()

	o := traefik.Options{Dynamic: dynamic(app.URL, options{"webhookURL": r.URL(), "stateDir": stateDir, "message": "{name}"})}

	survivor := traefik.Run(t, o)
	dead := traefik.Run(t, o)
	young := signUpSome(t, dead, "young", 1)
	old := signUpSome(t, dead, "old", count)
	dead.Kill()

	if err := r.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	// The names of the files sort by acceptance.
	aged := time.Now().Add(-strayAge)

	for _, name := range statedir.Files(t, stateDir, middleware, "new")[1:] {
		file := filepath.Join(stateDir, outbox.Subfolder(middleware), "new", name)
		if err := os.Chtimes(file, aged, aged); err != nil {
			t.Fatal(err)
		}
	}

	taken, err := r.Await(wait.AtMost(t, scan+patience), count)
	if err != nil {
		t.Fatal(err)
	}

	for i, request := range taken {
		if request.Body != old[min(i, count-1)] {
			t.Errorf("got: %q as number %d, want: %q", request.Body, i, old[min(i, count-1)])
		}
	}

	// The young one waits for its own process, but not for ever: a restart
	// of the other takes it up at once.
	if err := survivor.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	wantDelivered(t, r, append(old, young...))
}
