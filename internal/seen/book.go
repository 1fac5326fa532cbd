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
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

const (
	// relearnFor is how long it is learned what was lost where nobody was to
	// be learned at the start: else everybody would be announced once more.
	relearnFor = 7 * 24 * time.Hour
	// settling is how old a key is that cannot be read, before it is taken
	// for damaged: another process may be writing it.
	settling = time.Minute
	// maxKeyFile bounds what is read of it.
	maxKeyFile = 4 << 10
	// version is that of the key's file.
	version = 1
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
// Knows and Learns; they are safe for many goroutines.
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

// page is what the key's file says.
type page struct {
	key     []byte
	since   time.Time
	lost    bool // there was something before it
	learned bool
}

// record is the key's file.
type record struct {
	Version int       `json:"version"`
	Key     []byte    `json:"key"`
	Since   time.Time `json:"since"`
	Lost    bool      `json:"lost,omitempty"`
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

// LearnFor sets how long is learned after the first start.
func (b *Book) LearnFor(wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.learnFor = wait
}

// Learns tells whether the learning goes on, and for how long at that time.
func (b *Book) Learns(now time.Time) (bool, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page == nil || b.page.learned {
		return false, 0
	}
	left := b.until().Sub(now)
	return left > 0, left
}

// until is when the learning ends by itself. It is called with the lock held.
func (b *Book) until() time.Time {
	wait := b.learnFor
	if b.page.lost && wait == 0 {
		wait = relearnFor
	}
	return b.page.since.Add(wait)
}

// Knows tells whether an id is among those that were seen lately. It asks no
// disk; who is not known may be there all the same.
func (b *Book) Knows(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page == nil {
		return false
	}
	known := b.recent.has(number(markOf(b.page.key, byID, id)))
	return known
}

// Remember makes Knows know an id without a marker.
func (b *Book) Remember(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page != nil && id != "" {
		b.recent.add(number(markOf(b.page.key, byID, id)))
	}
}

// keep is Remember for an id that has a marker.
func (b *Book) keep(used *page, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page != used {
		return // another key has come meanwhile
	}
	mark := markOf(used.key, byID, id)
	b.recent.add(number(mark))
	b.witness = b.place(mark)
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
	first := int(number(mark) >> 56)
	return filepath.Join(b.path, folderName(first%b.folders), mark[2:])
}

// has tells whether a file is there.
func (b *Book) has(path string) (bool, error) {
	_, err := b.fs.Read(path, 1)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Check looks whether the key and the markers are still there, and makes them
// where they are not: then the learning begins, again perhaps. It returns what
// an administrator should know. The account is one that was not found, or nil
// at the start.
func (b *Book) Check(now time.Time, account *Account) ([]string, error) {
	b.making.Lock()
	defer b.making.Unlock()
	data, err := b.fs.Read(b.keyPath(), maxKeyFile)
	if errors.Is(err, os.ErrNotExist) {
		return b.withoutKey(now)
	}
	if err != nil {
		return nil, err
	}
	found := parse(data)
	if found == nil {
		return b.withDamagedKey(now)
	}
	if b.adopt(found) {
		account = nil
	}
	isWhole, err := b.isWhole(account)
	if err != nil {
		return nil, err
	}
	if !isWhole {
		return b.begin(now, found.key, "markers are missing")
	}
	b.noteLearned()
	return nil, nil
}

func (b *Book) keyPath() string {
	return filepath.Join(b.path, "key")
}

func (b *Book) usedPath() string {
	return filepath.Join(b.path, "used")
}

func (b *Book) learnedPath() string {
	return filepath.Join(b.path, "learned")
}

// parse returns nil for what is no key.
func parse(data []byte) *page {
	read := &record{}
	err := json.Unmarshal(data, read)
	if err != nil || read.Version != version || len(read.Key) != keySize || read.Since.IsZero() {
		return nil
	}
	return &page{key: read.Key, since: read.Since, lost: read.Lost}
}

// adopt takes over what the key's file says. It tells whether that is another
// than before, or the first.
func (b *Book) adopt(found *page) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.page
	if before != nil && string(before.key) == string(found.key) && before.since.Equal(found.since) {
		return false
	}
	b.turnTo(found)
	return true
}

// turnTo begins a page. It is called with the lock held.
func (b *Book) turnTo(found *page) {
	b.page = found
	b.recent = newRecent(maxRecent)
	b.witness = ""
	b.noted = false
}

// isWhole tells whether no marker is known to be missing.
func (b *Book) isWhole(account *Account) (bool, error) {
	if account == nil {
		return b.hasFolders()
	}
	used := b.current()
	_, err := b.fs.List(filepath.Dir(b.place(markOf(used.key, byID, account.ID))), 1)
	if err == nil {
		return b.hasWitness()
	}
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return false, err
}

// hasFolders looks for the folders, and where somebody was remembered, for any
// marker in them.
func (b *Book) hasFolders() (bool, error) {
	names, err := b.fs.Folders(b.path)
	if err != nil {
		return false, err
	}
	there := map[string]bool{}
	for _, name := range names {
		there[name] = true
	}
	for i := 0; i < b.folders; i++ {
		if !there[folderName(i)] {
			return false, nil
		}
	}
	learned, err := b.has(b.learnedPath())
	if err != nil || !learned {
		return true, nil // not learned yet, or noteLearned will see
	}
	used, err := b.has(b.usedPath())
	if err != nil || !used {
		return true, nil
	}
	empty, err := b.isEmpty()
	return !empty, err
}

func (b *Book) hasWitness() (bool, error) {
	b.mu.Lock()
	path := b.witness
	b.mu.Unlock()
	if path == "" {
		return true, nil
	}
	there, err := b.has(path)
	return there, err
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

// noteLearned looks whether the learning is over by now, perhaps by another
// process.
func (b *Book) noteLearned() {
	used := b.current()
	if used.learned {
		return
	}
	there, err := b.has(b.learnedPath())
	if err == nil && there {
		b.setLearned()
	}
}

func (b *Book) setLearned() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.page.learned = true
}

// withoutKey begins, or begins again.
func (b *Book) withoutKey(now time.Time) ([]string, error) {
	if b.current() != nil {
		lines, err := b.begin(now, nil, "they were taken away")
		return lines, err
	}
	empty, err := b.isEmpty()
	if err != nil {
		return nil, err
	}
	reason := ""
	if !empty {
		reason = "their key is gone"
	}
	lines, err := b.begin(now, nil, reason)
	return lines, err
}

// withDamagedKey waits for a process that may be writing it.
func (b *Book) withDamagedKey(now time.Time) ([]string, error) {
	files, err := b.fs.List(b.path, -1)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		age := now.Sub(file.Modified)
		if file.Name == "key" && age < settling && age > -settling {
			return nil, ErrUnsettled
		}
	}
	lines, err := b.begin(now, nil, "their key is damaged")
	return lines, err
}

// begin makes the folders and then the key, and says so. A reason says what
// was lost; a key, where there is one, goes on to be used.
func (b *Book) begin(now time.Time, key []byte, reason string) ([]string, error) {
	for i := 0; i < b.folders; i++ {
		err := b.fs.MkdirAll(filepath.Join(b.path, folderName(i)))
		if err != nil {
			return nil, err
		}
	}
	isLost := reason != ""
	for _, path := range []string{b.learnedPath(), b.usedPath()} {
		if !isLost {
			break
		}
		err := b.fs.Remove(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	if key == nil {
		key = newKey()
	}
	data, err := json.Marshal(record{Version: version, Key: key, Since: now.UTC(), Lost: isLost})
	if err != nil {
		return nil, err
	}
	err = b.writeKey(data, isLost)
	if errors.Is(err, os.ErrExist) {
		return nil, b.adoptOther()
	}
	if err != nil {
		return nil, err
	}
	_ = b.fs.SyncDir(b.path) // only a power cut could tell
	_ = b.fs.SyncDir(filepath.Dir(b.path))
	made := parse(data) // as others read it
	b.mu.Lock()
	b.turnTo(made)
	b.mu.Unlock()
	lines := b.sayBegun(now, reason)
	return lines, nil
}

// adoptOther takes over the key of a process that was faster.
func (b *Book) adoptOther() error {
	data, err := b.fs.Read(b.keyPath(), maxKeyFile)
	if err != nil {
		return err
	}
	found := parse(data)
	if found == nil {
		return ErrUnsettled
	}
	b.adopt(found)
	return nil
}

// writeKey makes the key's file, or replaces what is there.
func (b *Book) writeKey(data []byte, replace bool) error {
	if !replace {
		err := b.fs.Write(b.keyPath(), data)
		if err != nil && !errors.Is(err, os.ErrExist) {
			_ = b.fs.Remove(b.keyPath()) // half of it, perhaps
		}
		return err
	}
	tmp := filepath.Join(b.path, "key-"+randomName())
	err := b.fs.Write(tmp, data)
	if err == nil {
		err = b.fs.Rename(tmp, b.keyPath())
	}
	if err != nil {
		_ = b.fs.Remove(tmp)
	}
	return err
}

func (b *Book) sayBegun(now time.Time, reason string) []string {
	lines := []string{}
	if reason != "" {
		lines = append(lines, "what was remembered of accounts is of no use any more: "+reason+". It is learned anew: "+b.path)
	}
	goesOn, left := b.Learns(now)
	if goesOn {
		lines = append(lines, fmt.Sprintf("learning begins: until %s whoever signs in is remembered without a notice, but for sign-ups", now.Add(left).UTC().Format(time.RFC3339)))
	}
	return lines
}

// EndIfDue ends the learning when its time is over, and says so.
func (b *Book) EndIfDue(now time.Time) ([]string, error) {
	used := b.current()
	goesOn, _ := b.Learns(now)
	if used == nil || used.learned || goesOn {
		return nil, nil
	}
	lines, err := b.end(b.count(), "")
	return lines, err
}

// EndIfNew ends the learning if nobody is remembered: whoever asks knows that
// the instance has its first account just now.
func (b *Book) EndIfNew(now time.Time) ([]string, error) {
	goesOn, _ := b.Learns(now)
	if !goesOn {
		return nil, nil
	}
	empty, err := b.isEmpty()
	if err != nil || !empty {
		return nil, err
	}
	lines, err := b.end(0, ", for this Open WebUI has got its first account just now")
	return lines, err
}

// end says so where no other process has.
func (b *Book) end(count int, why string) ([]string, error) {
	err := b.fs.Write(b.learnedPath(), []byte(strconv.Itoa(count)+"\n"))
	if errors.Is(err, os.ErrExist) {
		b.setLearned()
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b.setLearned()
	return []string{fmt.Sprintf("learning is over%s: %d accounts are remembered, and every other one is announced when it is seen for the first time", why, count)}, nil
}

// count is how many markers there are.
func (b *Book) count() int {
	count := 0
	for i := 0; i < b.folders; i++ {
		files, err := b.fs.List(filepath.Join(b.path, folderName(i)), -1)
		if err == nil {
			count += len(files)
		}
	}
	return count
}
