package signupwebhook

// The search, each minute, for notices that wait in the outbox and that this
// process does not know: those of a killed one, or moved back by hand.

import (
	"fmt"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
)

const (
	// scanEvery is how often the outbox is looked through for notices that
	// others left there.
	scanEvery = time.Minute
	// strayAge is how old a file is that this process does not know, before
	// it is taken over: its own process had that long to deliver it.
	strayAge = 5 * time.Minute
	// cleanEvery is after how many scans what is too old is removed.
	cleanEvery = 60
)

// search is one look through the outbox.
type search struct {
	folder   *outbox.Folder
	takeAll  bool
	reviving bool
	cleaning bool

	tooOld  []string // what has waited for longer than anything may
	files   []outbox.File
	revived map[string]bool
}

// scan looks for notices that wait and that this process does not know. It is
// called by a timer, without the lock.
func (n *notifier) scan() {
	defer func() {
		if report(n, recover()) {
			n.scanAgain()
		}
	}()
	look := n.beginScan()
	if look == nil {
		return
	}
	err := look.look() // as long as it takes: nobody waits for it
	for _, notice := range n.endScan(look, err) {
		if !clearNotice(n, notice) {
			return
		}
	}
}

// stopScan takes the timer back. It is called with the lock held, as is scanIn.
func (n *notifier) stopScan() {
	if n.spool.timer != nil {
		n.spool.timer.Stop()
		n.spool.timer = nil
	}
}

// scanIn sets the timer for the next scan.
func (n *notifier) scanIn(wait time.Duration) {
	if !n.closed && n.spool.folder != nil {
		n.spool.timer = time.AfterFunc(wait, n.scan)
	}
}

// scanAgain goes on after a fault of our own.
func (n *notifier) scanAgain() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.spool.scanning = nil
	n.stopScan()
	n.scanIn(scanEvery)
}

// beginScan is what to look for now; nil where a scan is under way.
func (n *notifier) beginScan() *search {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.spool.folder == nil || n.spool.scanning == n.spool.folder {
		return nil // the one that goes on sees to the next
	}
	n.spool.scanning = n.spool.folder
	n.spool.scans++
	look := &search{
		folder:   n.spool.folder,
		takeAll:  n.spool.takeAll,
		reviving: n.spool.reviving,
		cleaning: n.spool.scans%cleanEvery == 1,
	}
	if look.cleaning {
		look.tooOld = n.tooOld()
	}
	return look
}

// tooOld lists the files of the folder that wait for longer than anything may.
// It goes by what is known, not by what the disk says: what this process has
// never seen it has not tried to deliver, and a clock may have jumped.
func (n *notifier) tooOld() []string {
	now := time.Now()
	list := []string{}
	for _, notice := range n.spool.known {
		if notice.Folder == n.spool.folder && notice.Stored && !notice.Done && now.Sub(notice.Accepted) > outbox.MaxAge {
			list = append(list, notice.File)
		}
	}
	return list
}

// look goes through the outbox. It takes as long as the disk does.
func (s *search) look() error {
	for _, name := range s.tooOld {
		_ = outbox.Remove(s.folder, name)
	}
	if s.cleaning {
		_ = outbox.CleanUp(s.folder, time.Now())
	}
	var failure error
	if s.reviving {
		revived, err := outbox.Revive(s.folder)
		s.revived = revived
		failure = err
	}
	files, err := outbox.Waiting(s.folder)
	s.files = files
	if err == nil {
		err = failure
	}
	return err
}

// endScan returns the notices that are done while their file is still there.
func (n *notifier) endScan(look *search, err error) []*outbox.Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.spool.scanning == look.folder {
		n.spool.scanning = nil
	}
	if n.spool.folder != look.folder {
		return nil // another one has taken its place, and has a scan of its own
	}
	if err != nil {
		n.sayFault(searching, "what waits cannot be read", err)
	} else {
		n.spool.takeAll = n.spool.takeAll && !look.takeAll
		n.spool.reviving = n.spool.reviving && !look.reviving
	}
	sayTrimmed(n, look.folder)
	n.takeOver(look)
	n.recheck()
	nudge(n)
	n.stopScan()
	if err == nil && (n.spool.takeAll || n.spool.reviving) {
		n.scanIn(0) // the configuration has changed meanwhile
	} else {
		n.scanIn(scanEvery)
	}
	return n.unfinished()
}

// takeOver puts into the schedule what a scan found. It is called with the
// lock held.
func (n *notifier) takeOver(found *search) {
	if len(found.tooOld) > 0 {
		n.sayOf(fmt.Sprintf("%d notices waited for 30 days and are removed", len(found.tooOld)))
	}
	now := time.Now() // one for all: between two readings the clock that is set and the one that is not may part
	for _, file := range found.files {
		if schedule.Len(n.schedule) >= outbox.MaxOnDisk {
			return
		}
		n.takeOverOne(found, file, now)
	}
}

// takeOverOne takes a file, unless it is known, or its own process may still be
// about to deliver it.
func (n *notifier) takeOverOne(found *search, file outbox.File, now time.Time) {
	notice := outbox.Found(found.folder, file, now)
	path := outbox.FilePath(notice)
	known := n.spool.known[path]
	revived := found.revived[file.Name]
	if known != nil && !(known.Done && revived) || n.spool.strange[path] {
		return
	}
	fresh := isFresh(file.Modified, now) && isFresh(notice.Accepted, now)
	if fresh && !found.takeAll && !file.MovedBack() {
		return
	}
	n.spool.known[path] = notice
	schedule.Add(n.schedule, notice)
}

// isFresh tells whether a file's own process may still be about to deliver it.
// One of tomorrow was written by a clock that was wrong.
func isFresh(modified, now time.Time) bool {
	age := now.Sub(modified)
	return age < strayAge && age > -strayAge
}

// unfinished lists the notices that are done while their file is still there.
// It is called with the lock held.
func (n *notifier) unfinished() []*outbox.Notice {
	list := []*outbox.Notice{}
	for _, notice := range n.spool.known {
		if notice.Done {
			list = append(list, notice)
		}
	}
	return list
}
