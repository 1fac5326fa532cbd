package seen

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestKeyOfAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	b := bookIn(t, path)
	_ = os.MkdirAll(path, 0o700)
	_ = os.WriteFile(b.keyPath(), []byte(`{"version":`), 0o600)
	now := time.Now()
	_, err := b.Check(now, nil)
	if !errors.Is(err, ErrUnsettled) {
		t.Errorf("got: %v, want: to wait for the other", err)
	}
	_, err = b.Find(tim)
	if !errors.Is(err, ErrUnsettled) || Knows(b, "1") {
		t.Errorf("got: %v, want: nobody found without a key", err)
	}
	_, err = b.Mark(tim)
	if !errors.Is(err, ErrUnsettled) {
		t.Errorf("got: %v, want: nobody marked without a key", err)
	}
	text := said(b.Check(now.Add(2*time.Minute), nil))
	if !strings.Contains(text, "their key is damaged") {
		t.Errorf("got: %q, want: that it is damaged", text)
	}
}

func TestUnwritable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	_ = os.WriteFile(path, nil, 0o600) // a file in the place of the folder
	b := bookIn(t, filepath.Join(path, "seen"))
	for i := 0; i < 3; i++ {
		lines, err := b.Check(noon, tim)
		if err == nil || len(lines) > 0 {
			t.Errorf("got: %v, %v, want: an error", lines, err)
		}
	}
	if learns(b, noon) {
		t.Error("got: learning, want: nothing without a folder")
	}
}
