package outbox

// The folder of a middleware: where it is, how it is made, and what is in it.

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
)

// The boxes of a folder: see the package's comment.
const (
	boxTmp    = "tmp"
	boxNew    = "new"
	boxFailed = "failed"
)

var boxes = []string{boxTmp, boxNew, boxFailed}

// Folder is the outbox of one middleware. What is done with it may take as long
// as the disk does, and is safe for many goroutines.
type Folder struct {
	fs   FS
	path string

	mu       *sync.Mutex
	makings  int
	unsynced bool
	trimmed  int
}

// NewFolder names the folder of a middleware in stateDir. It touches no disk.
func NewFolder(stateDir, middleware string, fs FS) *Folder {
	return folderAt(filepath.Join(stateDir, Subfolder(middleware)), fs)
}

func folderAt(path string, fs FS) *Folder {
	return &Folder{fs: fs, path: path, mu: &sync.Mutex{}}
}

// Subfolder is the name of a middleware's folder in stateDir: readable, and
// different for names that differ only in case or in characters that no file
// system takes.
func Subfolder(middleware string) string {
	sum := sha256.Sum256([]byte(middleware))
	readable := []byte{}
	for _, letter := range []byte(strings.ToLower(middleware)) {
		if strings.IndexByte("abcdefghijklmnopqrstuvwxyz0123456789", letter) < 0 {
			letter = '-'
		}
		readable = append(readable, letter)
	}
	if len(readable) > 40 {
		readable = readable[:40]
	}
	return string(readable) + "-" + hex.EncodeToString(sum[:6])
}

// Path is where the folder is.
func Path(f *Folder) string {
	return f.path
}

// Makings is how often the folder was made because it was not there. A file
// from before the last time went away with the folder, so nobody delivered it.
func Makings(f *Folder) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.makings
}

// Unsynced tells whether the folder was found to be one that cannot be synced,
// so that a power cut may take a new file's name away.
func Unsynced(f *Folder) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.unsynced
}

// Trimmed is how many notices were removed from failed/ since it was asked last,
// for they were too many or too old.
func Trimmed(f *Folder) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	count := f.trimmed
	f.trimmed = 0
	return count
}

func countTrimmed(f *Folder, count int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trimmed += count
}

// pathIn is the path of a file in a box; with "" for its name, of the box itself.
func pathIn(f *Folder, box, name string) string {
	return filepath.Join(f.path, box, name)
}

// create makes the folder, and returns when that is on the disk.
func create(f *Folder) error {
	for _, box := range boxes {
		err := f.fs.MkdirAll(pathIn(f, box, ""))
		if err != nil {
			return err
		}
	}
	f.mu.Lock()
	f.makings++
	f.mu.Unlock()
	err := syncFolder(f, f.path)
	if err != nil {
		return err
	}
	dir := filepath.Dir(f.path)
	err = syncFolder(f, dir)
	// Those above may have been made, too; but some are not ours to open.
	for dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		_ = f.fs.SyncDir(dir)
	}
	return err
}

// syncFolder syncs a folder, if that can be done at all.
func syncFolder(f *Folder, path string) error {
	err := f.fs.SyncDir(path)
	if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	f.mu.Lock()
	f.unsynced = true
	f.mu.Unlock()
	return nil
}

// list returns the files in a box; none where it is not there.
func list(f *Folder, box string) ([]File, error) {
	files, err := f.fs.List(pathIn(f, box, ""), -1)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ours := make([]File, 0, len(files))
	for _, file := range files {
		if strings.HasSuffix(file.Name, ".json") {
			ours = append(ours, file)
		}
	}
	sort.Slice(ours, func(a, b int) bool { return ours[a].Name < ours[b].Name })
	return ours, nil
}

// Unclaimed names the middlewares' folders in stateDir that are not claimed
// although something waits in them.
func Unclaimed(stateDir string, claimed map[string]bool, fs FS) ([]string, error) {
	names, err := fs.Folders(stateDir)
	if err != nil {
		return nil, err
	}
	found := []string{}
	for _, name := range names {
		if claimed[name] {
			continue
		}
		folder := folderAt(filepath.Join(stateDir, name), fs)
		waiting, err := Waiting(folder)
		if err == nil && len(waiting) > 0 {
			found = append(found, name)
		}
	}
	return found, nil
}
