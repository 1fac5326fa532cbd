package seen

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFilesSayNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	b := bookIn(t, path)
	open(t, b)
	mark(t, b, tim)
	mark(t, b, &Account{Email: "Eve@example.org"})
	markers := 0
	err := filepath.Walk(path, func(name string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got: %v, want: its owner's alone", name, info.Mode())
		}
		if filepath.Base(name) == "key" || filepath.Base(name) == "used" {
			return nil
		}
		markers++
		if info.Size() != 0 {
			t.Errorf("%s: got: %d bytes, want: an empty file", name, info.Size())
		}
		return nil
	})
	if err != nil || markers != 2 {
		t.Errorf("got: %d markers, %v, want: 2", markers, err)
	}
	other := bookIn(t, filepath.Join(t.TempDir(), "seen"))
	open(t, other)
	if markOf(b.current().key, byID, "1") == markOf(other.current().key, byID, "1") {
		t.Error("got: the same markers in two folders, want: a key of its own for each")
	}
}
