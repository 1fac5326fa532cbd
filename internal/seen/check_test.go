package seen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// apartFrom is an id whose marker is in another folder: which one is in which
// depends on the key, and that is another one in each run.
func apartFrom(b *Book, id string) string {
	key := b.current().key
	folder := filepath.Dir(b.place(markOf(key, byID, id)))
	other := "new"
	for filepath.Dir(b.place(markOf(key, byID, other))) == folder {
		other += "+"
	}
	return other
}

// other is another letter of base64.
func other(letter byte) byte {
	if letter == 'A' {
		return 'B'
	}
	return 'A'
}

// A key's file of the first version, which has no check, is still one.
func TestKeyWithoutCheck(t *testing.T) {
	found := parse([]byte(`{"version":1,"key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","since":"2026-01-01T00:00:00Z"}`))
	if found == nil {
		t.Error("got: no key, want: it")
	}
}

func TestLosses(t *testing.T) {
	tests := []struct {
		desc string
		lose func(path string, b *Book)
		when string // restart, running or both
		said string
		kept bool // those that are left are still known
	}{
		{desc: "the key", when: "both", said: ": It is learned anew", lose: func(path string, b *Book) {
			_ = os.Remove(filepath.Join(path, "key"))
		}},
		{desc: "the key and all markers, but not what was noted of them", when: "restart", said: "their key is gone", lose: func(path string, b *Book) {
			_ = os.Remove(filepath.Join(path, "key"))
			for i := 0; i < b.folders; i++ {
				_ = os.RemoveAll(filepath.Join(path, folderName(i)))
			}
		}},
		{desc: "everything", when: "running", said: "they were taken away", lose: func(path string, b *Book) {
			_ = os.RemoveAll(filepath.Dir(path))
		}},
		{desc: "a damaged key", when: "both", said: "their key is damaged", lose: func(path string, b *Book) {
			name := filepath.Join(path, "key")
			_ = os.WriteFile(name, []byte(`{"version":1,"key":"AA==","since":"2026-01-01T00:00:00Z"}`), 0o600)
			_ = os.Chtimes(name, noon.Add(-time.Hour), noon.Add(-time.Hour))
		}},
		{desc: "another letter in the key", when: "both", said: "their key is damaged", lose: func(path string, b *Book) {
			name := filepath.Join(path, "key")
			data, _ := os.ReadFile(name)
			at := strings.Index(string(data), `"key":"`) + len(`"key":"`)
			data[at] = other(data[at])
			_ = os.WriteFile(name, data, 0o600)
			_ = os.Chtimes(name, noon.Add(-time.Hour), noon.Add(-time.Hour))
		}},
		{desc: "an empty key", when: "both", said: "their key is damaged", lose: func(path string, b *Book) {
			name := filepath.Join(path, "key")
			_ = os.Truncate(name, 0)
			_ = os.Chtimes(name, noon.Add(-time.Hour), noon.Add(-time.Hour))
		}},
		{desc: "all markers and their folders", when: "both", said: "markers are missing", lose: func(path string, b *Book) {
			for i := 0; i < b.folders; i++ {
				_ = os.RemoveAll(filepath.Join(path, folderName(i)))
			}
		}},
		{desc: "all markers", when: "both", said: "markers are missing", lose: func(path string, b *Book) {
			for i := 0; i < b.folders; i++ {
				files, _ := filepath.Glob(filepath.Join(path, folderName(i), "*"))
				for _, file := range files {
					_ = os.Remove(file)
				}
			}
		}},
		{desc: "a folder of markers", when: "both", said: "markers are missing", kept: true, lose: func(path string, b *Book) {
			_ = os.RemoveAll(filepath.Dir(b.place(markOf(b.current().key, byID, apartFrom(b, tim.ID)))))
		}},
	}
	for _, test := range tests {
		for _, when := range []string{"restart", "running"} {
			if test.when != "both" && test.when != when {
				continue
			}
			desc := test.desc + ", " + when
			path := filepath.Join(t.TempDir(), "state", "seen")
			b := bookIn(t, path)
			b.LearnFor(0) // also then it learns what was lost
			open(t, b)
			mark(t, b, tim)
			_, err := b.EndIfDue(noon)
			if err != nil || learns(b, noon) {
				t.Fatalf("%s: got: %v, want: an end of the learning", desc, err)
			}
			// As on a new instance, where nobody was learned.
			_ = os.WriteFile(b.learnedPath(), []byte("0\n"), 0o600)
			fresh := apartFrom(b, tim.ID)
			test.lose(path, b)
			if when == "restart" {
				b = bookIn(t, path)
				b.LearnFor(0)
			}
			newcomer := &Account{ID: fresh}
			if when == "restart" {
				newcomer = nil
			}
			text := said(b.Check(noon, newcomer))
			want := test.said
			if test.desc == "the key" {
				want = "their key is gone"
				if when == "running" {
					want = "they were taken away"
				}
			}
			if !strings.Contains(text, want) || !strings.Contains(text, "learning begins") {
				t.Errorf("%s: got: %q, want: %q, and that the learning begins", desc, text, want)
			}
			goesOn, left := b.Learns(noon)
			if !goesOn || left != week {
				t.Errorf("%s: got: %t, %s, want: a week of learning", desc, goesOn, left)
			}
			if find(t, b, tim) != test.kept {
				t.Errorf("%s: got: %t, want: %t", desc, !test.kept, test.kept)
			}
			isFirst := mark(t, b, &Account{ID: fresh})
			if !isFirst {
				t.Errorf("%s: got: no marker, want: one again", desc)
			}
			text = said(b.Check(noon, &Account{ID: "newer"}))
			if text != "" {
				t.Errorf("%s: got: %q, want: it is said once", desc, text)
			}
		}
	}
}

// What was lost is learned anew by all, in one go.
func TestLossWithTwo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	a := bookIn(t, path)
	b := bookIn(t, path)
	open(t, a)
	open(t, b)
	mark(t, a, tim)
	mark(t, b, ada)
	_ = os.RemoveAll(path)
	first := said(a.Check(noon, tim))
	second := said(b.Check(noon, tim))
	if !strings.Contains(first, "learning begins") || second != "" {
		t.Errorf("got: %q and %q, want: the first to say it", first, second)
	}
	if Knows(b, "2") || find(t, b, ada) {
		t.Error("got: known, want: nobody, with another key")
	}
	if !mark(t, b, tim) || mark(t, a, tim) {
		t.Error("got: two keys, want: one for both")
	}
}
