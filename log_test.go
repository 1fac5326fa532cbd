package signupwebhook

import (
	"strings"
	"testing"
)

// A fault is news again when the disk has worked meanwhile: each notice that
// only a line tells of must have one.
func TestFaultsAreNewsAgain(t *testing.T) {
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), stateFolder(t), nowhere, disk)
	for i := 0; i < 3; i++ {
		disk.fail("Write", diskError("no space left on device"))
		n.accept(event("lost"))
		n.accept(event("lost too"))
		disk.fail("Write", nil)
		n.accept(event("kept"))
	}
	if strings.Count(lines.text(), "could not be stored") != 3 {
		t.Errorf("got: %q, want: three lines", lines.text())
	}
}
