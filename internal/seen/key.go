package seen

// The key's file: how it is read, made, and made again when it was lost.

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	// keySize is that of the key, in bytes.
	keySize = 32
	// maxKeyFile bounds what is read of its file, in bytes.
	maxKeyFile = 4 << 10
	// version is that of the key's file.
	version = 1
)

// checkSize is that of the check, in bytes.
const checkSize = 8

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
	Check   string    `json:"check,omitempty"` // of all the others; "" in the first files
}

// checkOf tells a file that was changed from one that was not: with another key
// everybody would be news.
func checkOf(r *record) string {
	text := fmt.Sprintf("%d %x %s %t", r.Version, r.Key, r.Since.UTC().Format(time.RFC3339Nano), r.Lost)
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:checkSize])
}

func (b *Book) keyPath() string {
	return filepath.Join(b.path, "key")
}

// parse returns nil for what is no key.
func parse(data []byte) *page {
	read := &record{}
	err := json.Unmarshal(data, read)
	if err != nil || read.Version != version || len(read.Key) != keySize || read.Since.IsZero() {
		return nil
	}
	if read.Check != "" && read.Check != checkOf(read) {
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
	if isLost {
		err := b.forget()
		if err != nil {
			return nil, err
		}
	}
	if key == nil {
		key = newKey()
	}
	made := &record{Version: version, Key: key, Since: now.UTC(), Lost: isLost}
	made.Check = checkOf(made)
	data, err := json.Marshal(made)
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
	asRead := parse(data) // as others do
	b.mu.Lock()
	b.turnTo(asRead)
	b.mu.Unlock()
	lines := b.sayBegun(now, reason)
	return lines, nil
}

// forget takes away what was noted of the markers that are lost.
func (b *Book) forget() error {
	for _, path := range []string{b.learnedPath(), b.usedPath()} {
		err := b.fs.Remove(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
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

// sayBegun is what an administrator should know of a new page.
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

func newKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails on the systems that Go supports
	return key
}

func randomName() string {
	return hex.EncodeToString(newKey()[:6])
}
