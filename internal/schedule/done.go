package schedule

// What follows from a try: the pause after it, whose turn is next, who steps
// aside and who is given up.

import (
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
)

// maxUnanswered is how many requests in a row may go out whole without an
// answer; they may all have arrived, so it becomes a hold.
const maxUnanswered = 5

// Result is what follows from a try.
type Result struct {
	Delivered bool
	Hold      bool          // everything waits
	Began     bool          // the hold is new
	Silent    bool          // it is a hold because nothing was ever answered
	Aside     bool          // the notice stepped aside, or stood there when it was delivered
	GivenUp   []*Item       // are no longer in the schedule
	Wait      time.Duration // until the next try; 0 for at once
}

// attempt is a try that has ended, and what follows from it.
type attempt struct {
	item    *Item
	at      int // where it stood in the queue; -1 if it is aside or gone
	outcome *delivery.Outcome
	now     time.Time
	probing bool // it was made during a pause
	result  *Result
}

// Done draws the conclusions from a try of an item that Next returned.
func Done(s *Schedule, item *Item, outcome *delivery.Outcome, now time.Time) *Result {
	if !outcome.Unsent {
		item.Tries++
	}
	at := placeOf(s, item)
	probing := s.probe && s.taken == item
	a := &attempt{item: item, at: at, outcome: outcome, now: now, probing: probing, result: &Result{}}
	s.taken = nil
	if a.at == s.tried {
		s.tried++
	}
	if !outcome.Unanswered {
		s.unanswered = 0
	}
	if outcome.Verdict == delivery.Delivered {
		delivered(s, a)
	} else {
		failed(s, a)
	}
	return a.result
}

func failed(s *Schedule, a *attempt) {
	switch a.outcome.Verdict {
	case delivery.Aside:
		a.result.Aside = true
		stepAside(s, a.item, a.at, a.now)
	case delivery.Hold:
		hold(s, a)
	default:
		later(s, a)
	}
	a.result.GivenUp = expired(s, a.item, a.now)
	pause := s.resume.Sub(a.now)
	if pause > 0 {
		a.result.Wait = pause
	}
}

func delivered(s *Schedule, a *attempt) {
	a.result.Delivered = true
	a.result.Aside = a.item.isAside
	remove(s, a.item, a.at)
	endOutage(s, a.now)
}

// hold makes everything wait, unless it is about a notice that stood aside
// while the receiver took others.
func hold(s *Schedule, a *attempt) {
	a.result.Aside = a.item.isAside
	if a.result.Aside {
		stepAside(s, a.item, a.at, a.now)
	}
	if a.result.Aside && !a.result.Silent {
		return
	}
	a.result.Hold = true
	a.result.Began = s.holds == 0
	alone := a.outcome.Alone || a.result.Silent
	if alone {
		blame(s, a)
	}
	if a.probing {
		return // a probe is no step on the ladder
	}
	s.blameless = !alone
	pauseFor(s, longest(ladder(holdLadder, s.holds), a.outcome.Wait), a.now)
	s.holds++
}

// later makes everything wait a little, longer each time.
func later(s *Schedule, a *attempt) {
	if a.outcome.Unanswered {
		s.unanswered++
	}
	if s.unanswered >= maxUnanswered {
		a.result.Silent = true
		hold(s, a)
		return
	}
	if a.item.isAside && (a.outcome.Alone || a.outcome.Unanswered) {
		a.result.Aside = true
		stepAside(s, a.item, a.at, a.now)
		return
	}
	if a.outcome.Alone {
		blame(s, a)
	}
	if a.probing {
		heed(s, a, a.outcome.Wait)
		return
	}
	s.failures++
	wait := delivery.Backoff(s.failures, a.outcome.Wait)
	if s.holds == 0 {
		s.blameless = !a.outcome.Alone
		pauseFor(s, wait, a.now)
		return
	}
	// Within a hold a passing trouble changes nothing of its pace.
	pauseFor(s, longest(ladder(holdLadder, s.holds-1), wait), a.now)
	heed(s, a, wait)
}

// heed has probes, too, wait for a receiver that cannot take any notice now.
func heed(s *Schedule, a *attempt, wait time.Duration) {
	if a.outcome.Alone {
		return
	}
	until := a.now.Add(wait)
	if until.After(s.resume) {
		s.resume = until
	}
	if until.After(s.probed.Add(probeEvery)) {
		s.probed = until.Add(-probeEvery)
	}
}

// blame remembers that a failure may be about the notice alone, and gives the
// turn to the next one. A probe leaves the turn to whose it is, else new
// notices would keep it from going round.
func blame(s *Schedule, a *attempt) {
	if a.at < 0 {
		return
	}
	a.item.failed = true
	if !a.probing || s.turn == a.at {
		s.turn = a.at + 1
	}
}

func pauseFor(s *Schedule, wait time.Duration, now time.Time) {
	s.resume = now.Add(wait)
}

// endOutage has what failed before a delivery step aside.
func endOutage(s *Schedule, now time.Time) {
	s.resume = time.Time{}
	s.failures = 0
	s.holds = 0
	s.unanswered = 0
	s.turn = 0
	left := s.tried
	for at := 0; at < left; {
		item := s.queue[at]
		if !item.failed {
			at++
			continue
		}
		stepAside(s, item, at, now)
		left--
	}
}

// expired takes out what is too old: the item that was just tried, and those
// at the head of the queue that were tried before.
func expired(s *Schedule, item *Item, now time.Time) []*Item {
	old := []*Item{}
	if isOld(s, item, now) {
		remove(s, item, placeOf(s, item))
		old = append(old, item)
	}
	for len(s.queue) > 0 && isOld(s, s.queue[0], now) {
		head := s.queue[0]
		remove(s, head, 0)
		old = append(old, head)
	}
	return old
}

func isOld(s *Schedule, item *Item, now time.Time) bool {
	return item.Tries > 0 && now.Sub(item.Notice.Accepted) >= s.retryFor
}

func longest(a, b time.Duration) time.Duration {
	if a > b {
		return a
	}
	return b
}
