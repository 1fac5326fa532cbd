package seen

// The learning: how long those who sign in are remembered without being news.

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// relearnFor is how long it is learned what was lost where nobody was to be
// learned at the start: else everybody would be announced once more.
const relearnFor = 7 * 24 * time.Hour

func (b *Book) learnedPath() string {
	return filepath.Join(b.path, "learned")
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
