package seen

import (
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
	if find(t, b, tim) || Knows(b, "1") {
		t.Error("got: known, want: nobody is")
	}
	if !mark(t, b, tim) || mark(t, b, tim) {
		t.Error("got: marked twice or never, want: once")
	}
	if !find(t, b, tim) || !Knows(b, "1") || find(t, b, ada) || Knows(b, "2") {
		t.Error("want: the one that was marked, and no other")
	}

	// Another process, or the next one.
	other := bookIn(t, path)
	if text := open(t, other); text != "" {
		t.Errorf("got: %q, want: no news", text)
	}
	if Knows(other, "1") || !find(t, other, tim) || !Knows(other, "1") || find(t, other, ada) {
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

func TestMarkedByTheAddress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	b := bookIn(t, path)
	open(t, b)
	mark(t, b, &Account{Email: "TIM@example.org"})
	if findBy(t, b, "2", "ada@example.org") || findBy(t, b, "2", "") {
		t.Error("got: known, want: nobody with another address, or none")
	}
	if !find(t, b, tim) || !Knows(b, "1") {
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

func TestRememberWithoutAMarker(t *testing.T) {
	b := bookIn(t, filepath.Join(t.TempDir(), "seen"))
	b.Remember("1") // before the key is there
	open(t, b)
	b.Remember("")
	if Knows(b, "1") || Knows(b, "") {
		t.Error("got: known, want: nobody yet")
	}
	b.Remember("1")
	if !Knows(b, "1") || find(t, b, tim) {
		t.Error("got: not known, want: known, without a marker")
	}
}
