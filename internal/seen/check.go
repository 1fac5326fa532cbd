package seen

// Whether what was remembered is still there: the key, the folders, the markers.

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// settling is how old a key is that cannot be read, before it is taken for
// damaged: another process may be writing it.
const settling = time.Minute

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

// withoutKey begins, or begins again.
func (b *Book) withoutKey(now time.Time) ([]string, error) {
	if b.current() != nil {
		lines, err := b.begin(now, nil, "they were taken away")
		return lines, err
	}
	unused, err := b.isUnused()
	if err != nil {
		return nil, err
	}
	reason := ""
	if !unused {
		reason = "their key is gone"
	}
	lines, err := b.begin(now, nil, reason)
	return lines, err
}

// isUnused tells whether nothing is there that a book leaves: neither a marker
// nor word of one.
func (b *Book) isUnused() (bool, error) {
	for _, path := range []string{b.learnedPath(), b.usedPath()} {
		there, err := b.has(path)
		if there || err != nil {
			return false, err
		}
	}
	empty, err := b.isEmpty()
	return empty, err
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
