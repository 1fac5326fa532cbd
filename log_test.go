package signupwebhook

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// A fault is news again when the disk has worked meanwhile: each notice that
// only a line tells of must have one.
func TestFaultsAreNewsAgain(t *testing.T) {
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), stateFolder(t), nowhere, disk)
	for i := 0; i < 3; i++ {
		disk.fail("Write", diskError("no space left on device"))
		accept(n, event("lost"))
		accept(n, event("lost too"))
		disk.fail("Write", nil)
		accept(n, event("kept"))
	}
	if strings.Count(lines.text(), "could not be stored") != 3 {
		t.Errorf("got: %q, want: three lines", lines.text())
	}
}

// What goes from failed/ for want of room is counted.
func TestTrimmedIsCounted(t *testing.T) {
	n, lines := startSpool(t, t.Name(), stateFolder(t), nowhere, newTrialDisk())
	accept(n, event("Tim"))
	box := filepath.Join(n.folderPath(), "failed")
	for i := 0; i < outbox.MaxFailed+12; i++ {
		write(t, filepath.Join(box, fmt.Sprintf("%020d-x.failed.json", i)), "{}")
	}
	cleanUp(t, n)
	if !strings.Contains(lines.text(), "failed/ keeps 1000 notices") || !strings.Contains(lines.text(), "10 that were given up so far") {
		t.Errorf("got: %q, want: a line that counts", lines.text())
	}
}
