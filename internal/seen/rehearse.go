package seen

// This package's part in the rehearsal.

import (
	"os"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// Rehearse runs, once and in one goroutine, what a book does when it is new,
// when it is another process's, and when something was lost. The disk is a
// fake that is empty.
func Rehearse(fs outbox.FS) {
	b := NewBook("rehearsal", fs)
	b.Narrow()
	now := time.Now()
	guest := &Account{ID: "1", Email: "r@rehearsal.invalid"}
	waiting := &Account{Email: "r@rehearsal.invalid"}
	_ = Knows(b, "1")
	_, _ = b.Learns(now)
	_, _ = b.Find(guest)
	_, _ = b.Mark(guest)
	b.LearnFor(time.Hour)
	_, _ = b.Check(now, nil)
	b.recent.most = 1 // so that it forgets
	b.rehearseAccount(now, waiting, guest)
	_, _ = b.EndIfDue(now.Add(time.Hour))
	_, _ = b.Check(now, guest)

	_, _ = b.begin(now, nil, "") // another process's key is there
	_ = b.fs.Remove(b.place(markOf(b.current().key, byID, "1")))
	_, _ = b.Check(now, guest) // markers are missing
	b.LearnFor(0)
	_ = b.fs.Remove(b.keyPath())
	_, _ = b.Check(now, guest)
	_ = b.fs.Remove(b.keyPath())
	_ = b.fs.Write(b.keyPath(), []byte("damaged"))
	_, _ = b.Check(now, guest)
	_, _ = b.EndIfNew(now)
	_, _ = b.EndIfNew(now)
	_ = b.fs.Write(b.learnedPath(), []byte("1"))
	_, _ = b.end(1, "")

	other := NewBook("rehearsal", fs)
	other.Narrow()
	_, _ = other.Check(now, nil)
	other.rehearseAccount(now, waiting, guest)
	_ = other.fs.Remove(other.keyPath())
	other = NewBook("rehearsal", fs)
	_, _ = other.withoutKey(now)
	_ = other.sayBegun(now, os.ErrNotExist.Error())
}

// rehearseAccount is one who was marked by the address, and comes.
func (b *Book) rehearseAccount(now time.Time, waiting, guest *Account) {
	_, _ = b.Mark(waiting)
	_, _ = b.Find(guest)
	_, _ = b.Find(guest)
	_, _ = b.Mark(guest)
	b.Remember("2")
	b.Remember("3")
	_ = Knows(b, "2")
	_ = Knows(b, "1")
	_, _ = b.Check(now, guest)
	_, _ = b.EndIfNew(now)
}
