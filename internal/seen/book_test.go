package seen

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

var noon = time.Now()

const week = 7 * 24 * time.Hour

var (
	tim = &Account{ID: "1", Email: "tim@example.org"}
	ada = &Account{ID: "2", Email: "ada@example.org"}
)

// bookIn is a book as a process opens it.
func bookIn(t *testing.T, path string) *Book {
	t.Helper()
	b := NewBook(path, outbox.NewDisk())
	b.LearnFor(week)
	return b
}

// said is what Check has to say, and the error.
func said(lines []string, err error) string {
	text := strings.Join(lines, "; ")
	if err != nil {
		text = text + " failed: " + err.Error()
	}
	return text
}

func open(t *testing.T, b *Book) string {
	t.Helper()
	lines, err := b.Check(noon, nil)
	if err != nil {
		t.Fatal(err)
	}
	return said(lines, nil)
}

func find(t *testing.T, b *Book, account *Account) bool {
	t.Helper()
	known, err := b.Find(account)
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// findBy is find, for conditions: the interpreter takes an &Account{…} inside
// of || for the condition itself.
func findBy(t *testing.T, b *Book, id, email string) bool {
	t.Helper()
	known := find(t, b, &Account{ID: id, Email: email})
	return known
}

func mark(t *testing.T, b *Book, account *Account) bool {
	t.Helper()
	isFirst, err := b.Mark(account)
	if err != nil {
		t.Fatal(err)
	}
	return isFirst
}

func learns(b *Book, now time.Time) bool {
	goesOn, _ := b.Learns(now)
	return goesOn
}

func TestRemembers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "seen")
	b := bookIn(t, path)
	if !strings.Contains(open(t, b), "learning begins: until ") {
		t.Error("got: nothing said, want: that the learning begins")
	}
	if find(t, b, tim) || b.Knows("1") {
		t.Error("got: known, want: nobody is")
	}
	if !mark(t, b, tim) || mark(t, b, tim) {
		t.Error("got: marked twice or never, want: once")
	}
	if !find(t, b, tim) || !b.Knows("1") || find(t, b, ada) || b.Knows("2") {
		t.Error("want: the one that was marked, and no other")
	}

	// Another process, or the next one.
	other := bookIn(t, path)
	if text := open(t, other); text != "" {
		t.Errorf("got: %q, want: no news", text)
	}
	if other.Knows("1") || !find(t, other, tim) || !other.Knows("1") || find(t, other, ada) {
		t.Error("want: the one that was marked, and no other")
	}
	if mark(t, other, tim) {
		t.Error("got: marked again by another, want: once")
	}
	goesOn, left := other.Learns(noon.Add(time.Hour))
	if !goesOn || left > week-time.Hour || left < week-2*time.Hour {
		t.Errorf("got: %t for %s, want: what is left of a week", goesOn, left)
	}
}

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

func TestMarkedByTheAddress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	b := bookIn(t, path)
	open(t, b)
	mark(t, b, &Account{Email: "TIM@example.org"})
	if findBy(t, b, "2", "ada@example.org") || findBy(t, b, "2", "") {
		t.Error("got: known, want: nobody with another address, or none")
	}
	if !find(t, b, tim) || !b.Knows("1") {
		t.Error("got: not known, want: by the address")
	}
	// From then on the id says it, and the address may be another's.
	other := bookIn(t, path)
	open(t, other)
	if !findBy(t, other, "1", "tim@elsewhere.example") {
		t.Error("got: not known, want: by the id")
	}
	if findBy(t, other, "3", "tim@example.org") {
		t.Error("got: known, want: a new account with the address of an old one")
	}
	// An id that looks like an address is none.
	if findBy(t, other, "tim@example.org", "") {
		t.Error("got: known, want: an id to be no address")
	}
}

func TestLearning(t *testing.T) {
	tests := []struct {
		desc     string
		learnFor time.Duration
		marked   int
		after    time.Duration
		admin    bool
		begins   bool
		goesOn   bool
		said     string // at the end
	}{
		{desc: "goes on", learnFor: week, marked: 2, after: week - time.Second, begins: true, goesOn: true},
		{desc: "ends in time", learnFor: week, marked: 2, after: week, begins: true, said: "learning is over: 2 accounts are remembered"},
		{desc: "of nobody", learnFor: 0, said: "learning is over: 0 accounts are remembered"},
		{desc: "of a new instance", learnFor: week, admin: true, begins: true, said: "learning is over, for this Open WebUI has got its first account just now: 0 accounts"},
		{desc: "of an old instance", learnFor: week, marked: 1, admin: true, begins: true, goesOn: true},
		{desc: "of a new instance, later", learnFor: time.Hour, after: 2 * time.Hour, admin: true, begins: true, said: "learning is over: 0 accounts"},
	}
	for _, test := range tests {
		path := filepath.Join(t.TempDir(), "seen")
		b := bookIn(t, path)
		b.LearnFor(test.learnFor)
		text := open(t, b)
		if strings.Contains(text, "learning begins") != test.begins {
			t.Errorf("%s: got: %q, want the beginning: %t", test.desc, text, test.begins)
		}
		for i := 0; i < test.marked; i++ {
			mark(t, b, &Account{ID: fmt.Sprint(i)})
		}
		now := noon.Add(test.after)
		text = ""
		if test.admin {
			text = said(b.EndIfNew(now))
		}
		text = text + said(b.EndIfDue(now))
		if !strings.Contains(text, test.said) || (text == "") != (test.said == "") {
			t.Errorf("%s: got: %q, want: %q", test.desc, text, test.said)
		}
		if learns(b, now) != test.goesOn {
			t.Errorf("%s: got: %t, want: %t", test.desc, learns(b, now), test.goesOn)
		}
		// It is said once, and is the same for all and afterwards.
		other := bookIn(t, path)
		text = open(t, other) + said(other.EndIfDue(now)) + said(other.EndIfNew(now))
		if !test.goesOn && (text != "" || learns(other, now)) {
			t.Errorf("%s: got: %q, want: nothing more to say", test.desc, text)
		}
	}
}

// A process that sees another end the learning ends it too.
func TestLearningEndedByAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	a := bookIn(t, path)
	b := bookIn(t, path)
	open(t, a)
	open(t, b)
	_, err := a.EndIfNew(noon)
	if err != nil || !learns(b, noon) {
		t.Fatalf("got: %v, want: one of them to learn", err)
	}
	text := said(b.Check(noon, tim))
	if text != "" || learns(b, noon) {
		t.Errorf("got: %q, want: no news, and an end", text)
	}
}

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
		{desc: "everything", when: "running", said: "they were taken away", lose: func(path string, b *Book) {
			_ = os.RemoveAll(filepath.Dir(path))
		}},
		{desc: "a damaged key", when: "both", said: "their key is damaged", lose: func(path string, b *Book) {
			name := filepath.Join(path, "key")
			_ = os.WriteFile(name, []byte(`{"version":1,"key":"AA==","since":"2026-01-01T00:00:00Z"}`), 0o600)
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
	if b.Knows("2") || find(t, b, ada) {
		t.Error("got: known, want: nobody, with another key")
	}
	if !mark(t, b, tim) || mark(t, a, tim) {
		t.Error("got: two keys, want: one for both")
	}
}

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
	if !errors.Is(err, ErrUnsettled) || b.Knows("1") {
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

// The memory is bounded, and those who come often stay in it.
func TestRecent(t *testing.T) {
	r := newRecent(10)
	for i := uint64(1); i <= 100; i++ {
		r.add(i)
		r.add(i)
		if !r.has(1) || !r.has(i) {
			t.Fatalf("%d: got: forgotten, want: who comes all the time, and the last", i)
		}
		if len(r.newer)+len(r.older) > 20 {
			t.Fatalf("got: %d, want: at most 20", len(r.newer)+len(r.older))
		}
	}
	if r.has(50) {
		t.Error("got: remembered, want: forgotten by now")
	}
}

func TestRememberWithoutAMarker(t *testing.T) {
	b := bookIn(t, filepath.Join(t.TempDir(), "seen"))
	b.Remember("1") // before the key is there
	open(t, b)
	b.Remember("")
	if b.Knows("1") || b.Knows("") {
		t.Error("got: known, want: nobody yet")
	}
	b.Remember("1")
	if !b.Knows("1") || find(t, b, tim) {
		t.Error("got: not known, want: known, without a marker")
	}
}
