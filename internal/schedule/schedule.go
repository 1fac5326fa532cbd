// Package schedule decides which notice is tried when. It is a state machine
// without clock, lock or timer: whoever owns it tells it the time and how each
// try ended.
//
// Notices go in the order of their acceptance, with three exceptions. After an
// answer that may be about one notice alone, such as a 403 from a firewall
// that dislikes a name, the tries take the waiting notices in turn. During a
// pause that began so, a notice that was never tried is tried all the same,
// one a minute. And a notice that its receiver refuses while it takes others
// steps aside, and is tried at times of its own.
package schedule

import (
	"math/rand"
	"sort"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// probeEvery is how often a new notice is tried during a pause that may be the
// fault of another one.
const probeEvery = time.Minute

// holdLadder is how long a hold waits for its first tries, and then hourly.
var holdLadder = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour}

// asideLadder is how long a notice stays aside each time.
var asideLadder = []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour}

// Item is a notice in the schedule.
type Item struct {
	Notice *outbox.Notice
	Tries  int // of this process

	failed  bool      // since the last delivery, maybe for its own sake
	asides  int       // how often it stepped aside
	isAside bool      // now
	due     time.Time // while aside
}

// Schedule is what waits for one receiver.
type Schedule struct {
	retryFor time.Duration

	queue []*Item // in the order of their acceptance
	tried int     // the items before this index were tried
	turn  int     // the index that is tried next
	aside []*Item // by the time when they are due
	yield bool    // the queue goes next where something aside is due too
	taken *Item   // what Next gave last; nil once it is settled
	probe bool    // it was given during a pause

	resume     time.Time // no try before, but for probes
	blameless  bool      // the pause cannot be the fault of one notice
	probed     time.Time // when the last probe was; the next is a minute later
	failures   int       // in a row that were the receiver's
	holds      int       // steps on the ladder; 0: no hold
	unanswered int       // in a row
}

// New gives an empty schedule that gives a notice up after retryFor.
func New(retryFor time.Duration) *Schedule {
	return &Schedule{retryFor: retryFor}
}

// Len is how many notices wait.
func Len(s *Schedule) int {
	return len(s.queue) + len(s.aside)
}

// Asides is how many of them stand aside.
func Asides(s *Schedule) int {
	return len(s.aside)
}

// SetRetryFor changes after how long a notice is given up.
func SetRetryFor(s *Schedule, retryFor time.Duration) {
	s.retryFor = retryFor
}

// Add appends a notice. One that is older than the last goes where it
// belongs, as when another process's is taken over, but not before one that
// was tried or is being tried.
func Add(s *Schedule, notice *outbox.Notice) *Item {
	item := &Item{Notice: notice}
	last := len(s.queue) - 1
	if last < 0 || !s.queue[last].Notice.Accepted.After(notice.Accepted) {
		s.queue = append(s.queue, item)
		return item
	}
	insert(s, item)
	return item
}

// insert puts an item before those that are younger.
func insert(s *Schedule, item *Item) {
	at := len(s.queue)
	for at > s.tried && s.queue[at-1] != s.taken && s.queue[at-1].Notice.Accepted.After(item.Notice.Accepted) {
		at--
	}
	s.queue = append(s.queue, item) // not nil, which the interpreter may take for an interface; it is overwritten
	copy(s.queue[at+1:], s.queue[at:])
	s.queue[at] = item
}

// Next is the notice to try now. Where there is none it returns nil and how
// long to wait for one; zero if none waits at all.
func Next(s *Schedule, now time.Time) (*Item, time.Duration) {
	item, wait := choose(s, now)
	s.taken = item
	s.probe = s.resume.After(now)
	return item, wait
}

func choose(s *Schedule, now time.Time) (*Item, time.Duration) {
	pause := s.resume.Sub(now)
	if pause > 0 {
		return untried(s, now, pause)
	}
	if len(s.aside) > 0 {
		return chooseAside(s, now)
	}
	return inTurn(s)
}

// chooseAside is the first of those aside when it is due, every second time.
func chooseAside(s *Schedule, now time.Time) (*Item, time.Duration) {
	due := s.aside[0].due.Sub(now)
	if due <= 0 && !(s.yield && len(s.queue) > 0) {
		s.yield = true
		first := s.aside[0]
		return first, 0
	}
	if len(s.queue) == 0 {
		return nil, due
	}
	return inTurn(s)
}

// inTurn is the one of the queue whose turn it is.
func inTurn(s *Schedule) (*Item, time.Duration) {
	s.yield = false
	if len(s.queue) == 0 {
		return nil, 0
	}
	if s.turn >= len(s.queue) {
		s.turn = 0
	}
	next := s.queue[s.turn]
	return next, 0
}

// untried is the oldest notice that was never tried, if the pause allows one:
// a probe.
func untried(s *Schedule, now time.Time, pause time.Duration) (*Item, time.Duration) {
	if Len(s) == 0 {
		return nil, 0
	}
	if s.blameless || s.tried >= len(s.queue) {
		return nil, pause
	}
	wait := s.probed.Add(probeEvery).Sub(now)
	if wait > 0 && wait < pause {
		return nil, wait
	}
	if wait > 0 {
		return nil, pause
	}
	s.probed = now
	next := s.queue[s.tried]
	return next, 0
}

// Hurry ends every pause: the configuration has changed, or the file with the
// URL, and that may be the remedy. What stands aside is due too.
func Hurry(s *Schedule, now time.Time) {
	s.resume = time.Time{}
	s.failures = 0
	s.holds = 0
	s.unanswered = 0
	s.turn = 0
	for _, item := range s.aside {
		item.due = now
	}
	// They failed under other settings, which is no reason to step aside.
	for _, item := range s.queue[:s.tried] {
		item.failed = false
	}
}

// Drop takes an item out, because another process has delivered it.
func Drop(s *Schedule, item *Item) {
	remove(s, item, placeOf(s, item))
}

// Defer puts off an item that could not be tried, without a verdict on the
// receiver.
func Defer(s *Schedule, item *Item, now time.Time) {
	stepAside(s, item, placeOf(s, item), now)
}

// placeOf is where an item stands in the queue; -1 if it is aside or gone.
func placeOf(s *Schedule, item *Item) int {
	if item.isAside {
		return -1
	}
	// Nearly always it is the one whose turn it was.
	if s.turn < len(s.queue) && s.queue[s.turn] == item {
		return s.turn
	}
	for at, other := range s.queue {
		if other == item {
			return at
		}
	}
	return -1
}

// remove takes an item out of the queue at that index, or from aside.
func remove(s *Schedule, item *Item, at int) {
	if item.isAside {
		s.aside = without(s.aside, indexOf(s.aside, item))
		item.isAside = false
		return
	}
	if at < 0 {
		return
	}
	s.queue = without(s.queue, at)
	if at < s.tried {
		s.tried--
	}
	if at < s.turn {
		s.turn--
	}
}

// stepAside puts an item among those with times of their own.
func stepAside(s *Schedule, item *Item, at int, now time.Time) {
	remove(s, item, at)
	item.isAside = true
	item.failed = false
	item.due = now.Add(ladder(asideLadder, item.asides))
	item.asides++
	place := sort.Search(len(s.aside), func(i int) bool { return s.aside[i].due.After(item.due) })
	s.aside = append(s.aside, item) // as in insert
	copy(s.aside[place+1:], s.aside[place:])
	s.aside[place] = item
}

// ladder is about the step's time: a tenth more or less, so that several
// processes do not come back at once. Beyond the last step it is that one.
func ladder(steps []time.Duration, step int) time.Duration {
	if step >= len(steps) {
		step = len(steps) - 1
	}
	base := int64(steps[step])
	spread := base / 5
	return time.Duration(base - spread/2 + rand.Int63n(spread))
}

func indexOf(items []*Item, item *Item) int {
	for at, other := range items {
		if other == item {
			return at
		}
	}
	return -1
}

// without removes one item in place.
func without(items []*Item, at int) []*Item {
	if at == 0 {
		items[0] = nil // else the slice would keep it
		return items[1:]
	}
	copy(items[at:], items[at+1:])
	last := len(items) - 1
	items[last] = nil
	return items[:last]
}
