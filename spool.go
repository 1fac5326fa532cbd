package signupwebhook

// The files of the notices: stored before the client has its answer, read for a
// try, cleared after it.

import (
	"errors"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// maxKnown bounds the files that are known, those included that are no longer
// needed but could not be removed.
const maxKnown = outbox.MaxOnDisk + outbox.MaxFailed

// errTooMany says that nothing more is put into a folder.
var errTooMany = errors.New("too many files are left there that cannot be removed")

// spool is a notifier's side of the outbox. It is guarded by the notifier's
// lock, and no disk is ever waited for while that is held.
type spool struct {
	folder   *outbox.Folder            // nil without a stateDir
	known    map[string]*outbox.Notice // by the file's path; the finished ones until their file is gone
	strange  map[string]bool           // files that are no notices, so that each is logged once
	unstored int                       // notices that wait without a file although there is a folder
	faults   map[string]*tally.Tally   // of the disk, by what was not done
	unsynced bool                      // it was said that the folder cannot be synced
	trimmed  *tally.Tally              // notices that failed/ has no room for

	timer    *time.Timer    // until the next scan
	scanning *outbox.Folder // what a scan looks through now; nil for none
	scans    int
	takeAll  bool // the next scan does not ask for a file's age
	reviving bool // and brings back what was given up
}

func newSpool() *spool {
	return &spool{
		known:   map[string]*outbox.Notice{},
		strange: map[string]bool{},
		faults:  map[string]*tally.Tally{},
		trimmed: tally.New(),
	}
}

// folderPath is where notices wait; "" for in memory.
func (n *notifier) folderPath() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.spool.folder == nil {
		return ""
	}
	return outbox.Path(n.spool.folder)
}

// reopen takes another stateDir, or the same once more. It is called with the
// lock held and touches no disk: a goroutine looks what waits there.
func (n *notifier) reopen(stateDir string, changed bool) {
	if stateDir == "" {
		n.spool.folder = nil
		n.stopScan()
		return
	}
	folder := outbox.NewFolder(stateDir, n.name, n.fs)
	if n.spool.folder == nil || outbox.Path(n.spool.folder) != outbox.Path(folder) {
		n.spool.folder = folder
		n.spool.takeAll = true
	}
	n.spool.reviving = n.spool.reviving || changed
	n.stopScan()
	n.scanIn(0)
}

// enter gives a notice its place in the outbox before it is stored there, so
// that no scan takes it for another process's. It is called with the lock
// held.
func enter(n *notifier, notice *outbox.Notice) {
	if n.spool.folder == nil {
		return
	}
	notice.Folder = n.spool.folder
	if len(n.spool.known) >= maxKnown {
		return // nothing can be removed, it seems, so nothing is added
	}
	notice.File = outbox.FileName(notice)
	n.spool.known[outbox.FilePath(notice)] = notice
}

// store writes a notice's file and returns when it is on the disk, or after a
// second: then the notice waits in memory. What is to follow on the disk, if
// anything, does so within the same second. It tells whether the notice is
// still to be sent: what is not on the disk fits into the memory, or is refused.
func store(n *notifier, notice *outbox.Notice, follow func()) bool {
	// What is written is a copy, since the notice changes under the lock.
	written := &outbox.Notice{ID: notice.ID, Fields: notice.Fields, Accepted: notice.Accepted}
	folder := notice.Folder
	name := notice.File
	err := errTooMany
	if name != "" {
		err = outbox.Await(n.disk,
			func() error {
				err := outbox.Write(folder, name, written)
				if follow != nil {
					follow()
				}
				return err
			},
			func(late error) { n.storedLate(notice, written, late) },
		)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err == nil {
		stored(n, notice, written)
		healed(n, storing)
		return true
	}
	return n.waitInMemory(notice, err)
}

// waitInMemory has a notice wait there that could not be written, if it fits
// there. It is called with the lock held.
func (n *notifier) waitInMemory(notice *outbox.Notice, err error) bool {
	// One whose writing goes on may yet get its file. Only so many go on.
	if n.spool.unstored >= outbox.MaxInMemory && !errors.Is(err, outbox.ErrSlow) {
		n.admitted--
		unlearn(n, notice)
		n.refuse(notice)
		return false
	}
	n.spool.unstored++
	n.sayFault(storing, "notice "+notice.ID+" could not be stored and waits in memory, where a kill would lose it", err)
	return true
}

// stored is called with the lock held.
func stored(n *notifier, notice, written *outbox.Notice) {
	notice.Stored = true
	notice.Making = written.Making
	if outbox.Unsynced(notice.Folder) && !n.spool.unsynced {
		n.spool.unsynced = true
		n.sayOf("this disk cannot sync a folder, so that a power cut, other than a kill, may lose the newest notices: " + outbox.Path(notice.Folder))
	}
	lighten(n, notice)
}

// lighten leaves a stored notice to its file where many wait: it is read again
// when it is its turn. It is called with the lock held.
func lighten(n *notifier, notice *outbox.Notice) {
	if schedule.Len(n.schedule) > outbox.MaxInMemory {
		notice.Fields = nil
	}
}

// storedLate is called when a write ends that nobody waited for any longer.
func (n *notifier) storedLate(notice, written *outbox.Notice, err error) {
	n.mu.Lock()
	delivered := notice.Done
	if err == nil && !delivered {
		n.spool.unstored-- // which may be before waitInMemory counts it
		stored(n, notice, written)
	}
	n.mu.Unlock()
	if err == nil && delivered {
		_ = outbox.Remove(notice.Folder, notice.File)
	}
}

// loadFile returns what is to be sent of a notice that has a file; nil if it is
// not to be sent, or not now. It is another one than the scheduled, whose fields
// may be given up for those in its file at any time.
func loadFile(n *notifier, item *schedule.Item, kept *outbox.Notice) *outbox.Notice {
	reading := &reading{}
	err := outbox.Await(n.disk, func() error { return readInto(reading, kept.Folder, kept.File) }, func(_ error) {})
	n.mu.Lock()
	defer n.mu.Unlock()
	if err == nil {
		item.Notice.ID = reading.notice.ID
		return reading.notice
	}
	return loadFailed(n, item, kept, err)
}

// loadFailed is loadFile where the disk gave no notice. It is called with the
// lock held.
func loadFailed(n *notifier, item *schedule.Item, kept *outbox.Notice, err error) *outbox.Notice {
	// A folder that was made anew, or is missing, says nothing of what was
	// delivered.
	vanished := kept.Making != outbox.Makings(kept.Folder)
	if errors.Is(err, outbox.ErrGone) && !vanished {
		noteOf(n, "notice "+nameOf(item.Notice)+" was delivered by another process: its file is gone")
		n.drop(item)
		return nil
	}
	if kept.Fields != nil {
		return kept
	}
	if errors.Is(err, outbox.ErrForeign) {
		n.sayStrange(outbox.FilePath(item.Notice))
		n.drop(item)
		return nil
	}
	if errors.Is(err, outbox.ErrGone) {
		n.sayFault(reads, "a notice is lost, since its folder was taken away", err)
		n.drop(item)
		return nil
	}
	n.sayFault(reads, "a notice cannot be read", err)
	schedule.Defer(n.schedule, item, time.Now())
	return nil
}

// nameOf is a notice's webhook-id, or its file where that was never read.
func nameOf(notice *outbox.Notice) string {
	if notice.ID == "" {
		return notice.File
	}
	return notice.ID
}

// copyOf is a notice as it is in memory now. It is called with the lock held.
func copyOf(notice *outbox.Notice) *outbox.Notice {
	return &outbox.Notice{
		ID:       notice.ID,
		Fields:   notice.Fields,
		Accepted: notice.Accepted,
		Folder:   notice.Folder,
		File:     notice.File,
		Stored:   notice.Stored,
		Making:   notice.Making,
	}
}

// reading is what a read has found. It is not the notice itself, because a
// read that nobody waits for any longer may end at any time.
type reading struct {
	notice *outbox.Notice
}

func readInto(r *reading, folder *outbox.Folder, name string) error {
	notice, err := outbox.Read(folder, name)
	r.notice = notice
	return err
}

// drop ends a notice without a trace. It is called with the lock held.
func (n *notifier) drop(item *schedule.Item) {
	schedule.Drop(n.schedule, item)
	item.Notice.Done = true
	unlearn(n, item.Notice)
}

// sayStrange names a file that is no notice, once. It is called with the lock
// held.
func (n *notifier) sayStrange(path string) {
	if !n.spool.strange[path] && len(n.spool.strange) < outbox.MaxFailed {
		n.spool.strange[path] = true
		n.sayOf("this file is no notice, or damaged, and is left alone: " + path)
	}
}

// finish marks a notice that is delivered or given up. It is called with the
// lock held; clearNotice does what takes time.
func finish(n *notifier, notice *outbox.Notice) {
	notice.Done = true
	if notice.Folder != nil && !notice.Stored {
		n.spool.unstored--
	}
}

// clearNotice takes a finished notice out of the outbox. What fails is done by a
// later scan. It tells whether the disk answers.
func clearNotice(n *notifier, notice *outbox.Notice) bool {
	if notice.Folder == nil || notice.File == "" || !beginClear(n, notice) {
		return true
	}
	return clearFile(n, notice)
}

func clearFile(n *notifier, notice *outbox.Notice) bool {
	err := outbox.Await(n.disk, func() error { return outbox.Clear(notice) }, func(late error) { n.clearedLate(notice, late) })
	n.mu.Lock()
	defer n.mu.Unlock()
	sayTrimmed(n, notice.Folder)
	if err == nil {
		unlearn(n, notice)
		return true
	}
	return clearFailed(n, notice, err)
}

// clearFailed is clearFile where the disk did not do it. It is called with the
// lock held.
func clearFailed(n *notifier, notice *outbox.Notice, err error) bool {
	answers := !errors.Is(err, outbox.ErrSlow) && !errors.Is(err, outbox.ErrHanging)
	// One that was not stored has no file; if its writing ends after all, that
	// removes it.
	if !notice.Stored && notice.Failure == "" {
		unlearn(n, notice)
		return answers
	}
	if !errors.Is(err, outbox.ErrSlow) {
		notice.Clearing = false
	}
	n.sayFault(clearing, "notice "+notice.ID+" is done, but its file stays and may be sent again after a restart", err)
	return answers
}

// beginClear tells whether a notice is still to be cleared. Twice at a time, by
// its worker and by a scan, it could be put into failed/ once more after it
// was brought back from there.
func beginClear(n *notifier, notice *outbox.Notice) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if notice.Clearing {
		return false
	}
	notice.Clearing = true
	return true
}

// clearedLate is called when a clearing ends that nobody waited for any longer.
func (n *notifier) clearedLate(notice *outbox.Notice, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err == nil {
		unlearn(n, notice)
		return
	}
	notice.Clearing = false
}

// unlearn forgets a notice's file, unless it is another notice's by now. It is
// called with the lock held.
func unlearn(n *notifier, notice *outbox.Notice) {
	path := outbox.FilePath(notice)
	if n.spool.known[path] == notice {
		delete(n.spool.known, path)
	}
}
