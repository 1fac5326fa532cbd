// Package seen remembers, in files, which accounts were seen before: one empty
// file each, named by a keyed hash. It has no ledger and no index that could
// be damaged, and several processes may share the folder.
//
//	key      the key, and since when it is there; made last, and once
//	learned  is there when the learning is over
//	used     is there when a marker was made
//	00 … ff  the markers, by the first byte of their hash
//
// It says what it found out in words, and leaves the announcing to others.
package seen

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// ErrUnsettled says that another process is making the key just now, or that
// nobody has looked for it yet.
var ErrUnsettled = errors.New("the key is not there yet")

// Account is who is remembered: by the id, or where that is not known by the
// e-mail.
type Account struct {
	ID, Email string
}

// Book is the folder. Its methods may take as long as the disk does, but for
// Remember and Learns; they are safe for many goroutines.
type Book struct {
	fs      outbox.FS
	path    string
	folders int // how many the markers are in

	making *sync.Mutex // held while the key is read or made

	mu       *sync.Mutex // no disk is waited for while it is held
	learnFor time.Duration
	page     *page // nil until the key was found
	recent   *recent
	witness  string // a marker that was there: if it is gone, more may be
	noted    bool   // that there are markers
}

// NewBook names the folder. It touches no disk.
func NewBook(path string, fs outbox.FS) *Book {
	return &Book{
		fs:      fs,
		path:    path,
		folders: maxFolders,
		making:  &sync.Mutex{},
		mu:      &sync.Mutex{},
		recent:  newRecent(maxRecent),
	}
}

// Narrow puts all markers into one folder. It is for a rehearsal, which must
// not take long.
func (b *Book) Narrow() {
	b.folders = 1
}

// Path is where the folder is.
func (b *Book) Path() string {
	return b.path
}

// Knows tells whether an id is among those that were seen lately. It asks no
// disk; who is not known may be there all the same. Every page load asks, so it
// is no method.
func Knows(b *Book, id string) bool {
	at := numberOf(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	known := isRecent(b.recent, at)
	return known
}

// Remember makes Knows know an id without a marker.
func (b *Book) Remember(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page != nil && id != "" {
		b.recent.add(numberOf(id))
	}
}

// keep is Remember for an id that has a marker.
func (b *Book) keep(used *page, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page != used {
		return // another key has come meanwhile
	}
	b.recent.add(numberOf(id))
	b.witness = b.place(markOf(used.key, byID, id))
}

func (b *Book) current() *page {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.page
	return now
}

// Find tells whether an account is remembered. One that was remembered by its
// e-mail is from then on by its id.
func (b *Book) Find(account *Account) (bool, error) {
	used := b.current()
	if used == nil {
		return false, ErrUnsettled
	}
	there, err := b.has(b.place(markOf(used.key, byID, account.ID)))
	if err != nil {
		return false, err
	}
	if there {
		b.keep(used, account.ID)
		return true, nil
	}
	if account.Email == "" {
		return false, nil
	}
	waiting := b.place(markOf(used.key, byEmail, strings.ToLower(account.Email)))
	there, err = b.has(waiting)
	if !there || err != nil {
		return false, err
	}
	_, err = b.Mark(account)
	if err == nil {
		_ = b.fs.Remove(waiting)
	}
	return true, nil
}

// Mark remembers an account. It tells whether nobody had done so before, no
// other process either.
func (b *Book) Mark(account *Account) (bool, error) {
	used := b.current()
	if used == nil {
		return false, ErrUnsettled
	}
	mark := markOf(used.key, byID, account.ID)
	if account.ID == "" {
		mark = markOf(used.key, byEmail, strings.ToLower(account.Email))
	}
	path := b.place(mark)
	err := b.fs.Write(path, []byte{})
	isOld := errors.Is(err, os.ErrExist)
	if err != nil && !isOld {
		_ = b.fs.Remove(path) // a full disk may have left it: then nobody would be told
		return false, err
	}
	if account.ID != "" {
		b.keep(used, account.ID)
	}
	if isOld {
		return false, nil
	}
	b.noteUsed()
	_ = b.fs.SyncDir(filepath.Dir(path)) // only a power cut could tell
	return true, nil
}

// noteUsed leaves word that there were markers, for whoever finds none.
func (b *Book) noteUsed() {
	b.mu.Lock()
	noted := b.noted
	b.noted = true
	b.mu.Unlock()
	if !noted {
		_ = b.fs.Write(b.usedPath(), []byte{}) // it may be there already
	}
}

// place is the path of a marker.
func (b *Book) place(mark string) string {
	bits, _ := hex.DecodeString(mark[:2])
	return filepath.Join(b.path, folderName(int(bits[0])%b.folders), mark[2:])
}

// has tells whether a file is there.
func (b *Book) has(path string) (bool, error) {
	_, err := b.fs.Read(path, 1)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (b *Book) usedPath() string {
	return filepath.Join(b.path, "used")
}

// isEmpty tells whether there is no marker at all.
func (b *Book) isEmpty() (bool, error) {
	for i := 0; i < b.folders; i++ {
		files, err := b.fs.List(filepath.Join(b.path, folderName(i)), 1)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return false, err
		}
		if len(files) > 0 {
			return false, nil
		}
	}
	return true, nil
}
