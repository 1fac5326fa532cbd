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
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
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

var (
	// ErrGone says that a notice's file is no longer there although its
	// folder is: another process has delivered it.
	ErrGone = errors.New("the file is gone")
	// ErrForeign says that a file is none of ours, or damaged.
	ErrForeign = errors.New("this is no notice")
)

// Write makes a notice's file of that name in new/. When it returns without an
// error, no kill and no power cut takes the notice away.
func Write(f *Folder, name string, notice *Notice) error {
	return store(f, name, notice, "")
}

// store makes a file, and before it the folder where that is missing: at the
// first time, or when it was taken away.
func store(f *Folder, name string, notice *Notice, reason string) error {
	notice.Making = Makings(f)
	err := write(f, name, notice, reason)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err = create(f)
	if err != nil {
		return err
	}
	notice.Making = Makings(f)
	return write(f, name, notice, reason)
}

func write(f *Folder, name string, notice *Notice, reason string) error {
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
	tmp := pathIn(f, boxTmp, name)
	err = f.fs.Write(tmp, data)
	if err != nil {
		discard(f, tmp)
		return err
	}
	err = f.fs.Rename(tmp, pathIn(f, boxNew, name))
	if err != nil {
		discard(f, tmp)
		return err
	}
	return syncFolder(f, pathIn(f, boxNew, ""))
}

// discard removes what a failed write may have left, or else CleanUp does.
func discard(f *Folder, tmp string) {
	_ = f.fs.Remove(tmp)
}

// Read returns a notice from its file. The error is ErrGone, ErrForeign, or
// what the disk says.
func Read(f *Folder, name string) (*Notice, error) {
	data, err := f.fs.Read(pathIn(f, boxNew, name), maxFile)
	if errors.Is(err, os.ErrNotExist) {
		_, listing := f.fs.List(pathIn(f, boxNew, ""), 1)
		if listing == nil {
			return nil, ErrGone
		}
	}
	if err != nil {
		return nil, err
	}
	return parse(data)
}

// Found is a notice of which the file's name is known alone. From now on it
// ages by the clock that never jumps; those that were found at the same now
// keep their order.
func Found(f *Folder, file File, now time.Time) *Notice {
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
		Making:   Makings(f),
	}
}

// Remove takes a delivered notice's file away.
func Remove(f *Folder, name string) error {
	err := f.fs.Remove(pathIn(f, boxNew, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// fail puts a notice into failed/, with the reason, under a name that says so.
// The file gets the reason first and is moved then, so that it is in one of the
// two at any time, whoever else moves or removes it.
func fail(f *Folder, notice *Notice, reason string) error {
	name := notice.File
	if notice.Fields == nil {
		read, err := Read(f, name)
		if errors.Is(err, ErrGone) {
			return nil // another process was faster
		}
		if err != nil {
			return err
		}
		notice = read
	}
	err := store(f, name, notice, reason)
	if err != nil {
		return err
	}
	err = moveToFailed(f, name)
	if errors.Is(err, os.ErrNotExist) {
		return nil // as above
	}
	if err != nil {
		return err
	}
	trim(f)
	return syncFolder(f, pathIn(f, boxFailed, ""))
}

// moveToFailed moves a file from new/, and makes the box where it was taken away.
func moveToFailed(f *Folder, name string) error {
	from := pathIn(f, boxNew, name)
	to := pathIn(f, boxFailed, nameGivenUp(name))
	err := f.fs.Rename(from, to)
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	// Either of the two is not there.
	err = f.fs.MkdirAll(pathIn(f, boxFailed, ""))
	if err != nil {
		return err
	}
	return f.fs.Rename(from, to)
}

// trim removes the oldest of what was given up if that is too much.
func trim(f *Folder) {
	failed, err := list(f, boxFailed)
	if err != nil {
		return
	}
	removed := 0
	for len(failed) > MaxFailed {
		_ = f.fs.Remove(pathIn(f, boxFailed, failed[0].Name))
		failed = failed[1:]
		removed++
	}
	countTrimmed(f, removed)
}

// Revive puts everything back into new/ that was given up, and returns the
// names of the files. What cannot be moved stays for another time.
func Revive(f *Folder) (map[string]bool, error) {
	revived := map[string]bool{}
	failed, err := list(f, boxFailed)
	if err != nil {
		return revived, err
	}
	if len(failed) > 0 {
		err = makeNew(f)
	}
	for _, file := range failed {
		moving := f.fs.Rename(pathIn(f, boxFailed, file.Name), pathIn(f, boxNew, file.Name))
		if moving == nil {
			revived[file.Name] = true
		} else if !errors.Is(moving, os.ErrNotExist) { // else another process was faster
			err = moving
		}
	}
	return revived, err
}

// makeNew makes the folder where new/ was taken away.
func makeNew(f *Folder) error {
	_, err := f.fs.List(pathIn(f, boxNew, ""), 1)
	if errors.Is(err, os.ErrNotExist) {
		return create(f)
	}
	return err
}

// Waiting lists the files in new/, oldest first.
func Waiting(f *Folder) ([]File, error) {
	return list(f, boxNew)
}

// CleanUp removes what is too old in failed/ and tmp/, and the oldest of what
// was given up if that is too much. What waits in new/ is not its business: a
// clock that jumps would take it away unsent. It returns how many were too old.
func CleanUp(f *Folder, now time.Time) int {
	old := removeOld(f, boxFailed, now.Add(-MaxAge))
	countTrimmed(f, old)
	old += removeOld(f, boxTmp, now.Add(-maxTmp))
	trim(f)
	return old
}

func removeOld(f *Folder, box string, before time.Time) int {
	files, err := list(f, box)
	if err != nil {
		return 0
	}
	removed := 0
	for _, file := range files {
		if file.Modified.Before(before) {
			_ = f.fs.Remove(pathIn(f, box, file.Name))
			removed++
		}
	}
	return removed
}
