// Package outbox keeps the notices that wait for their delivery where a kill
// does not reach them: one file each, complete or not there, in a folder of
// the middleware's own. It has no lock file, no ledger and no index that could
// be damaged; several processes may share the folder.
//
//	tmp/     what is being written
//	new/     what waits
//	failed/  what was given up, with the reason; moved back into new/, it is
//	         sent again
//
// It knows nothing of when a notice is tried; that is in package schedule.
package outbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// MaxInMemory is how many notices wait without a file.
	MaxInMemory = 1000
	// MaxOnDisk is how many notices wait in files.
	MaxOnDisk = 10000
	// MaxFailed is how many are kept that were given up.
	MaxFailed = 1000
	// MaxAge is how old any file gets.
	MaxAge = 30 * 24 * time.Hour
	// maxTmp is how old a leftover of a killed process gets in tmp/.
	maxTmp = time.Hour
	// maxFile bounds what is read of a file.
	maxFile = 1 << 20
	// version is that of the files' form.
	version = 1
)

// webhookID is what may stand in a file for one; it goes into a header.
var webhookID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

var (
	// ErrGone says that a notice's file is no longer there although its
	// folder is: another process has delivered it.
	ErrGone = errors.New("the file is gone")
	// ErrForeign says that a file is none of ours, or damaged.
	ErrForeign = errors.New("this is no notice")
)

// Notice is an event on its way.
type Notice struct {
	ID       string            // the webhook-id, the same at every try
	Fields   map[string]string // the placeholders' values; nil if in the file alone
	Accepted time.Time
	Folder   *Folder // nil if it waits in memory alone
	File     string  // its name in Folder
	Stored   bool    // the file was seen to be there
	Making   int     // the Makings of Folder then
	Done     bool    // delivered, dropped or given up
	Clearing bool    // its file is being taken away, or is gone
	Failure  string  // why it was given up; "" if it was not
}

// record is a notice's file.
type record struct {
	Version  int               `json:"version"`
	ID       string            `json:"id"`
	Accepted time.Time         `json:"accepted"`
	Fields   map[string]string `json:"fields"`
	Reason   string            `json:"reason,omitempty"`
}

// Folder is the outbox of one middleware. Its methods may take as long as the
// disk does; they are safe for many goroutines.
type Folder struct {
	fs   FS
	path string

	mu       *sync.Mutex
	makings  int
	unsynced bool
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
func (f *Folder) Path() string {
	return f.path
}

// Makings is how often the folder was made because it was not there. A file
// from before the last time went away with the folder, so nobody delivered it.
func (f *Folder) Makings() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.makings
}

// Unsynced tells whether the folder was found to be one that cannot be synced,
// so that a power cut may take a new file's name away.
func (f *Folder) Unsynced() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.unsynced
}

func (f *Folder) in(box, name string) string {
	return filepath.Join(f.path, box, name)
}

// FileName is a new name for a notice's file: they sort by acceptance, and are
// unique among all processes.
func FileName(notice *Notice) string {
	random := make([]byte, 6)
	_, _ = rand.Read(random) // never fails on the systems that Go supports
	return fmt.Sprintf("%020d-%s.json", notice.Accepted.UnixNano(), hex.EncodeToString(random))
}

// Write makes a notice's file of that name in new/. When it returns without an
// error, no kill and no power cut takes the notice away.
func (f *Folder) Write(name string, notice *Notice) error {
	return f.store(name, notice, "")
}

// store makes a file, and before it the folder where that is missing: at the
// first time, or when it was taken away.
func (f *Folder) store(name string, notice *Notice, reason string) error {
	notice.Making = f.Makings()
	err := f.write(name, notice, reason)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err = f.create()
	if err != nil {
		return err
	}
	notice.Making = f.Makings()
	return f.write(name, notice, reason)
}

func (f *Folder) create() error {
	for _, box := range []string{"tmp", "new", "failed"} {
		err := f.fs.MkdirAll(filepath.Join(f.path, box))
		if err != nil {
			return err
		}
	}
	f.mu.Lock()
	f.makings++
	f.mu.Unlock()
	err := f.sync(f.path)
	if err != nil {
		return err
	}
	dir := filepath.Dir(f.path)
	err = f.sync(dir)
	// Those above may have been made, too; but some are not ours to open.
	for dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		_ = f.fs.SyncDir(dir)
	}
	return err
}

// sync syncs a folder, if that can be done at all.
func (f *Folder) sync(path string) error {
	err := f.fs.SyncDir(path)
	if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	f.mu.Lock()
	f.unsynced = true
	f.mu.Unlock()
	return nil
}

func (f *Folder) write(name string, notice *Notice, reason string) error {
	data, err := json.Marshal(record{
		Version:  version,
		ID:       notice.ID,
		Accepted: notice.Accepted.UTC(),
		Fields:   notice.Fields,
		Reason:   reason,
	})
	if err != nil {
		return err
	}
	tmp := f.in("tmp", name)
	err = f.fs.Write(tmp, data)
	if err != nil {
		f.discard(tmp)
		return err
	}
	err = f.fs.Rename(tmp, f.in("new", name))
	if err != nil {
		f.discard(tmp)
		return err
	}
	return f.sync(f.in("new", ""))
}

// discard removes what a failed write may have left, or else CleanUp does.
func (f *Folder) discard(tmp string) {
	_ = f.fs.Remove(tmp)
}

// Read returns a notice from its file. The error is ErrGone, ErrForeign, or
// what the disk says.
func (f *Folder) Read(name string) (*Notice, error) {
	data, err := f.fs.Read(f.in("new", name), maxFile)
	if errors.Is(err, os.ErrNotExist) {
		_, listing := f.fs.List(filepath.Join(f.path, "new"), 1)
		if listing == nil {
			return nil, ErrGone
		}
	}
	if err != nil {
		return nil, err
	}
	return parse(data)
}

func parse(data []byte) (*Notice, error) {
	read := &record{}
	err := json.Unmarshal(data, read)
	if err != nil || read.Version != version || !webhookID.MatchString(read.ID) || read.Fields == nil {
		return nil, ErrForeign
	}
	return &Notice{ID: read.ID, Fields: read.Fields, Accepted: read.Accepted}, nil
}

// Found is a notice of which the file's name is known alone. From now on it
// ages by the clock that never jumps; those that were found at the same now
// keep their order.
func (f *Folder) Found(file File, now time.Time) *Notice {
	accepted := file.Modified
	nanoseconds, err := strconv.ParseInt(strings.SplitN(file.Name, "-", 2)[0], 10, 64)
	if err == nil {
		accepted = time.Unix(0, nanoseconds)
	}
	return &Notice{
		Accepted: now.Add(accepted.Sub(now)),
		Folder:   f,
		File:     file.Name,
		Stored:   true,
		Making:   f.Makings(),
	}
}

// Remove takes a delivered notice's file away.
func (f *Folder) Remove(name string) error {
	err := f.fs.Remove(f.in("new", name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// Fail puts a notice into failed/, with the reason, under a name that says so. The file gets the reason
// first and is moved then, so that it is in one of the two at any time, whoever
// else moves or removes it.
func (f *Folder) Fail(notice *Notice, reason string) error {
	name := notice.File
	if notice.Fields == nil {
		read, err := f.Read(name)
		if errors.Is(err, ErrGone) {
			return nil // another process was faster
		}
		if err != nil {
			return err
		}
		notice = read
	}
	err := f.store(name, notice, reason)
	if err != nil {
		return err
	}
	err = f.fs.Rename(f.in("new", name), f.in("failed", nameGivenUp(name)))
	if errors.Is(err, os.ErrNotExist) {
		return nil // as above
	}
	if err != nil {
		return err
	}
	f.trim()
	return f.sync(f.in("failed", ""))
}

// givenUp ends the name of a file that was in failed/ once, wherever it is.
const givenUp = ".failed.json"

func nameGivenUp(name string) string {
	if strings.HasSuffix(name, givenUp) {
		return name
	}
	return strings.TrimSuffix(name, ".json") + givenUp
}

// MovedBack tells whether a file in new/ is one that was given up: no process
// is about to deliver it, however young it is.
func (f File) MovedBack() bool {
	return strings.HasSuffix(f.Name, givenUp)
}

// trim removes the oldest of what was given up if that is too much.
func (f *Folder) trim() {
	failed, err := f.list("failed")
	if err != nil {
		return
	}
	for len(failed) > MaxFailed {
		_ = f.fs.Remove(f.in("failed", failed[0].Name))
		failed = failed[1:]
	}
}

// Revive puts everything back into new/ that was given up, and returns the
// names of the files. What cannot be moved stays for another time.
func (f *Folder) Revive() (map[string]bool, error) {
	revived := map[string]bool{}
	failed, err := f.list("failed")
	if err != nil {
		return revived, err
	}
	for _, file := range failed {
		moving := f.fs.Rename(f.in("failed", file.Name), f.in("new", file.Name))
		if moving == nil {
			revived[file.Name] = true
		} else if !errors.Is(moving, os.ErrNotExist) { // else another process was faster
			err = moving
		}
	}
	return revived, err
}

// Waiting lists the files in new/, oldest first.
func (f *Folder) Waiting() ([]File, error) {
	return f.list("new")
}

// list returns the files in a box; none where it is not there.
func (f *Folder) list(box string) ([]File, error) {
	files, err := f.fs.List(filepath.Join(f.path, box), -1)
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

// CleanUp removes what is too old in failed/ and tmp/, and the oldest of what
// was given up if that is too much. What waits in new/ is not its business: a
// clock that jumps would take it away unsent. It returns how many were too old.
func (f *Folder) CleanUp(now time.Time) int {
	old := f.removeOld("failed", now.Add(-MaxAge))
	old += f.removeOld("tmp", now.Add(-maxTmp))
	f.trim()
	return old
}

func (f *Folder) removeOld(box string, before time.Time) int {
	files, err := f.list(box)
	if err != nil {
		return 0
	}
	removed := 0
	for _, file := range files {
		if file.Modified.Before(before) {
			_ = f.fs.Remove(f.in(box, file.Name))
			removed++
		}
	}
	return removed
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
		waiting, err := folder.Waiting()
		if err == nil && len(waiting) > 0 {
			found = append(found, name)
		}
	}
	return found, nil
}

// Path is where the notice's file is.
func (n *Notice) Path() string {
	return n.Folder.in("new", n.File)
}

// Clear takes a notice that is done out of new/: away if it was delivered, into
// failed/ if it was given up.
func (n *Notice) Clear() error {
	if n.Failure == "" {
		return n.Folder.Remove(n.File)
	}
	return n.Folder.Fail(n, n.Failure)
}
