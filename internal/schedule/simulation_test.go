package schedule

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

const (
	// quick is how long a try takes that is answered.
	quick = 50 * time.Millisecond
	// timeout is how long one takes that is not.
	timeout = 10 * time.Second
	night   = 10 * time.Hour
	day     = 24 * time.Hour
	never   = 1000 * day
)

// letter is a notice in the simulation, and what became of it.
type letter struct {
	id        string
	evil      bool // the receiver has something against it
	at        time.Duration
	tries     []time.Duration
	arrived   int  // how often the receiver got it
	aside     bool // it has stepped aside
	held      bool // it failed in a hold or for no answer: new ones may go before it
	delivered time.Duration
	gaveUp    time.Duration
}

// world is a clock, people who sign up, a receiver, and between them what the
// notifier does: it asks what is next, tries it, and says how that ended.
type world struct {
	s       *Schedule
	now     time.Duration // since the start
	answers *answers
	answer  func(r *receiving) int
	seen    *receiving
	change  time.Duration // when the configuration does
	changed bool

	letters []*letter // in the order of their acceptance
	known   map[string]*letter
	next    int // the letter that is accepted next
	tries   int
	failed  []time.Duration // when tries were that failed
	done    []*letter       // in the order of their delivery
}

func (w *world) clock() time.Time {
	return start.Add(w.now)
}

// signUp has somebody sign up at that time; they must come in order.
func (w *world) signUp(at time.Duration, evil bool) {
	one := &letter{id: fmt.Sprint("n", len(w.letters)+1), evil: evil, at: at}
	w.letters = append(w.letters, one)
	w.known[one.id] = one
}

// event is when the next one is that no try brings about.
func (w *world) event() time.Duration {
	at := never
	if w.next < len(w.letters) {
		at = w.letters[w.next].at
	}
	if !w.changed && w.change > 0 && w.change < at {
		at = w.change
	}
	return at
}

// happen lets happen what does up to a time.
func (w *world) happen(until time.Duration) {
	for w.event() <= until {
		w.now = w.event()
		if !w.changed && w.change == w.now {
			w.changed = true
			Hurry(w.s, w.clock())
			continue
		}
		one := w.letters[w.next]
		w.next++
		Add(w.s, &outbox.Notice{ID: one.id, Accepted: w.clock()})
	}
	w.now = until
}

func (w *world) run(until time.Duration) {
	for w.now < until {
		w.happen(w.now)
		item, wait := Next(w.s, w.clock())
		if item != nil {
			w.try(item)
			continue
		}
		then := w.event()
		if wait > 0 && w.now+wait < then {
			then = w.now + wait
		}
		if then >= until {
			return
		}
		w.happen(then)
	}
}

func (w *world) try(item *Item) {
	one := w.known[item.Notice.ID]
	one.tries = append(one.tries, w.now)
	w.tries++
	probe := w.s.resume.After(w.clock())
	w.seen.now = w.now
	w.seen.tries = w.tries
	w.seen.evil = one.evil
	w.seen.changed = w.changed
	w.seen.wish = 0
	status := w.answer(w.seen)
	end := w.answers.of(status, w.seen.wish)
	if status != 200 {
		w.failed = append(w.failed, w.now)
	}
	took := quick
	switch status {
	case silent:
		took = timeout
		one.arrived++
	case 200:
		one.arrived++
	}
	before := w.changed
	w.happen(w.now + took)
	if before != w.changed && status != 200 {
		return // of other settings, this try says nothing
	}
	result := Done(w.s, item, end, w.clock())
	if result.Delivered {
		one.delivered = w.now
		w.done = append(w.done, one)
		w.putAside()
		return
	}
	if result.Aside {
		one.aside = true
	}
	if probe || w.s.holds > 0 || status == silent {
		one.held = true
	}
	for _, old := range result.GivenUp {
		lost := w.known[old.Notice.ID]
		lost.gaveUp = w.now
	}
}

// putAside takes note of who has stepped aside for a delivery.
func (w *world) putAside() {
	for _, item := range w.s.aside {
		one := w.known[item.Notice.ID]
		one.aside = true
	}
}

// receiving is what a receiver knows at a try. (It is not the world, because
// the interpreter cannot call a function in a field of its own argument.)
type receiving struct {
	now     time.Duration
	tries   int  // with this one
	evil    bool // this notice is one that it does not like
	changed bool // the configuration is another than at first

	wish   time.Duration // its Retry-After
	window int           // for one that counts
	count  int
}

func downForADay(r *receiving) int {
	if r.now < day {
		return refused
	}
	return 200
}

func goneThenDown(r *receiving) int {
	if r.tries == 1 {
		return 404
	}
	return downForADay(r)
}

func revoked(r *receiving) int {
	if !r.changed {
		return 404
	}
	return 200
}

// rateLimiting takes ten a minute.
func rateLimiting(r *receiving) int {
	window := int(r.now / time.Minute)
	if window != r.window {
		r.window = window
		r.count = 0
	}
	r.count++
	if r.count <= 10 {
		return 200
	}
	r.wish = time.Duration(window+1)*time.Minute - r.now
	if r.wish < time.Second {
		r.wish = time.Second
	}
	return 429
}

func crashing(r *receiving) int {
	if r.evil {
		return 500
	}
	return 200
}

func forbidding(r *receiving) int {
	if r.evil {
		return 403
	}
	return 200
}

func refusing(r *receiving) int {
	if r.evil {
		return 400
	}
	return 200
}

func hanging(r *receiving) int {
	if r.evil {
		return silent
	}
	return 200
}

// restarting does so at the first minute.
func restarting(r *receiving) int {
	since := r.now - time.Minute
	if since >= 0 && since < 4*time.Second {
		return 404
	}
	if since >= 0 && since < 14*time.Second {
		return refused
	}
	return 200
}

func silentAlways(_ *receiving) int {
	return silent
}

func silentForADay(r *receiving) int {
	if r.now < day {
		return silent
	}
	return 200
}

// flapping is well for a minute of five, and then ill in another way each
// time, for a day.
func flapping(r *receiving) int {
	if r.now >= day || r.now%(5*time.Minute) < time.Minute {
		return 200
	}
	ills := []int{404, 503, 500, refused, silent, 403, 429, 400, 502}
	return ills[int(r.now/(5*time.Minute))%len(ills)]
}

// scenario is a receiver, who signs up, and what may come of it at the most.
type scenario struct {
	desc   string
	answer func(r *receiving) int
	change time.Duration // of the configuration
	back   time.Duration // when the receiver takes all that it ever takes

	burst int           // that many sign up at once
	every time.Duration // and then one again and again
	until time.Duration
	evil  int // so many in a row at the hour, with a crowd at their heels
	end   time.Duration

	perHour int           // tries that fail, in any hour
	same    int           // tries of one notice
	nightly int           // of one notice in any night
	first   time.Duration // until the first try of a notice; 0 for any
	held    time.Duration // until a notice is delivered that the receiver takes
	inOrder bool          // of acceptance, whoever failed and when
	lost    string        // who is given up: "", evil or all
}

func (one *scenario) people() *world {
	w := &world{
		s:       New(defaultRetryFor),
		answers: newAnswers(),
		answer:  one.answer,
		seen:    &receiving{},
		change:  one.change,
		known:   map[string]*letter{},
	}
	for i := 0; i < one.burst; i++ {
		w.signUp(0, false)
	}
	evil := one.evil
	for at := one.every; at <= one.until; at += one.every {
		w.signUp(at, false)
		if at < time.Hour || evil == 0 {
			continue
		}
		for i := 0; i < evil; i++ {
			w.signUp(at+time.Duration(i)*time.Millisecond, true)
		}
		for i := 0; i < 10; i++ {
			w.signUp(at+time.Duration(i+1)*time.Second, false)
		}
		evil = 0
	}
	return w
}

// mostIn is the largest number of times within any span.
func mostIn(times []time.Duration, span time.Duration) int {
	most := 0
	first := 0
	for at, last := range times {
		for last-times[first] >= span {
			first++
		}
		if at-first+1 > most {
			most = at - first + 1
		}
	}
	return most
}

// figures are what is counted.
type figures struct {
	tries, perHour, same, nightly, doubles, aside, gaveUp int
	first, held                                           time.Duration
}

func (one *scenario) count(w *world) *figures {
	f := &figures{tries: w.tries, perHour: mostIn(w.failed, time.Hour)}
	for _, each := range w.letters {
		f.same = larger(f.same, len(each.tries))
		f.nightly = larger(f.nightly, mostIn(each.tries, night))
		if each.arrived > 1 {
			f.doubles += each.arrived - 1
		}
		if each.aside {
			f.aside++
		}
		if each.gaveUp > 0 {
			f.gaveUp++
		}
		if len(each.tries) > 0 {
			f.first = longest(f.first, each.tries[0]-each.at)
		}
		since := longest(each.at, one.back)
		if each.delivered > 0 {
			f.held = longest(f.held, each.delivered-since)
		}
	}
	return f
}

func larger(a, b int) int {
	if a > b {
		return a
	}
	return b
}

// verify holds a world against what the scenario allows.
func (one *scenario) verify(t *testing.T, w *world, f *figures) {
	t.Helper()
	atMost(t, one.desc+": failures in an hour", f.perHour, one.perHour)
	atMost(t, one.desc+": tries of one notice", f.same, one.same)
	atMost(t, one.desc+": of one notice in a night", f.nightly, one.nightly)
	if one.first > 0 && f.first > one.first {
		t.Errorf("%s: the first try: got: after %s, want: %s at the most", one.desc, f.first, one.first)
	}
	if f.held > one.held {
		t.Errorf("%s: held up: got: %s, want: %s at the most", one.desc, f.held, one.held)
	}
	if one.inOrder && f.aside > 0 {
		t.Errorf("%s: got: %d aside, want: none", one.desc, f.aside)
	}
	if one.lost == "" && Len(w.s) > 0 {
		t.Errorf("%s: got: %d left, want: none", one.desc, Len(w.s))
	}
	for _, each := range w.letters {
		problem := one.fate(each)
		if problem != "" {
			t.Errorf("%s: %s of %s: %s", one.desc, each.id, each.at, problem)
		}
	}
	last := time.Duration(-1)
	for _, each := range w.done {
		if each.aside || each.held && !one.inOrder {
			continue
		}
		if each.at < last {
			t.Errorf("%s: got: %s of %s after one of %s, want: in order", one.desc, each.id, each.at, last)
		}
		last = each.at
	}
}

// fate says what is wrong with what became of a notice.
func (one *scenario) fate(each *letter) string {
	lost := one.lost == "all" || one.lost == "evil" && each.evil
	if !lost {
		if each.delivered == 0 || each.gaveUp > 0 {
			return fmt.Sprintf("got: delivered at %s, given up at %s, want: delivered", each.delivered, each.gaveUp)
		}
		return ""
	}
	age := each.gaveUp - each.at
	// The longest pause is six hours and a tenth.
	if each.delivered > 0 || age < defaultRetryFor || age > defaultRetryFor+7*time.Hour {
		return fmt.Sprintf("got: delivered at %s, given up after %s, want: given up after 72 h to 79 h", each.delivered, age)
	}
	return ""
}

func atMost(t *testing.T, desc string, got, want int) {
	t.Helper()
	if got > want {
		t.Errorf("%s: got: %d, want: %d at the most", desc, got, want)
	}
}

const row = "%-44s %6s %6s %6s %6s %6s %6s %6s %8s %9s %8s"

// TestSimulation runs for days. What is allowed is what the rules make, and a
// little for jitter.
func TestSimulation(t *testing.T) {
	tries := time.Minute + 2*timeout // a minute, its own try, and one that it waits for
	scenarios := []*scenario{
		{
			desc: "down for a day", answer: downForADay, back: day, every: 20 * time.Minute, until: 30 * time.Hour, end: 31 * time.Hour,
			perHour: 60, same: 800, nightly: 400, held: 5*time.Minute + 10*time.Second, inOrder: true,
		},
		{
			desc: "404 once, then down for a day", answer: goneThenDown, back: day, every: 20 * time.Minute, until: 30 * time.Hour, end: 31 * time.Hour,
			perHour: 60, same: 800, nightly: 400, held: 5*time.Minute + 15*time.Second,
		},
		{
			desc: "revoked until the configuration changes", answer: revoked, change: 26 * time.Hour, back: 26 * time.Hour,
			every: 20 * time.Minute, until: 30 * time.Hour, end: 31 * time.Hour,
			perHour: 10, same: 9, nightly: 9, first: tries, held: 10 * time.Second, inOrder: true,
		},
		{
			desc: "the same, busy", answer: revoked, change: 2 * time.Hour, back: 2 * time.Hour,
			every: 20 * time.Second, until: 2*time.Hour + time.Minute, end: 3 * time.Hour,
			perHour: 60 + 7, same: 5, nightly: 5, held: time.Minute, inOrder: true,
		},
		{
			desc: "rate limiting (10 a minute)", answer: rateLimiting, burst: 100, every: time.Minute, until: 30 * time.Minute, end: 2 * time.Hour,
			perHour: 12, same: 3, nightly: 3, held: 12 * time.Minute, inOrder: true,
		},
		{
			desc: "crashing on one name (500)", answer: crashing, every: 30 * time.Minute, until: 4 * day, evil: 1, end: 5 * day,
			perHour: 15, same: 25, nightly: 15, first: tries, held: tries, lost: "evil",
		},
		{
			desc: "refusing one name (403)", answer: forbidding, every: 30 * time.Minute, until: 4 * day, evil: 1, end: 5 * day,
			perHour: 15, same: 25, nightly: 15, first: tries, held: tries, lost: "evil",
		},
		{
			desc: "refusing one name (400)", answer: refusing, every: 30 * time.Minute, until: 4 * day, evil: 1, end: 5 * day,
			perHour: 15, same: 25, nightly: 15, first: tries, held: 11 * time.Second, lost: "evil",
		},
		{
			// Only after five silent tries can it be about the name.
			desc: "hanging on one name", answer: hanging, every: 30 * time.Minute, until: 4 * day, evil: 1, end: 5 * day,
			perHour: 15, same: 25, nightly: 15, first: 5*timeout + 16*time.Second, held: 5*timeout + 16*time.Second, lost: "evil",
		},
		{
			// One new notice a minute: each name can cost the others one.
			desc: "refusing fifty names at once (403)", answer: forbidding, every: time.Hour, until: day, evil: 50, end: 5 * day,
			perHour: 250, same: 30, nightly: 15, held: 51 * time.Minute, lost: "evil",
		},
		{
			desc: "restarting (404 for 4 s, refused for 10 s)", answer: restarting, back: time.Minute + 14*time.Second,
			every: 2 * time.Second, until: 2 * time.Minute, end: time.Hour,
			perHour: 10, same: 5, nightly: 5, held: 20 * time.Second,
		},
		{
			desc: "silent (all arrive)", answer: silentAlways, back: never, every: 20 * time.Minute, until: day, end: 5 * day,
			perHour: 13, same: 13, nightly: 13, first: tries + 5*timeout, lost: "all",
		},
		{
			desc: "silent, a single notice", answer: silentAlways, back: never, burst: 1, every: never, end: 5 * day,
			perHour: 10, same: 9 + 80, nightly: 9 + 11, lost: "all",
		},
		{
			desc: "silent for a day", answer: silentForADay, back: day, every: 20 * time.Minute, until: 25 * time.Hour, end: 2 * day,
			perHour: 15, same: 13, nightly: 13, first: tries + 5*timeout, held: 21 * time.Minute,
		},
		{
			desc: "flapping for a day", answer: flapping, back: day, every: 7 * time.Minute, until: 25 * time.Hour, end: 3 * day,
			perHour: 200, same: 60, nightly: 60, held: 7 * time.Hour,
		},
	}
	table := []string{fmt.Sprintf(row, "receiver", "people", "tries", "most/h", "same", "night", "double", "aside", "given up", "first try", "held up")}
	for _, one := range scenarios {
		w := one.people()
		w.run(one.end)
		f := one.count(w)
		one.verify(t, w, f)
		problem := problemOf(w.s)
		if problem != "" {
			t.Errorf("%s: %s", one.desc, problem)
		}
		table = append(table, fmt.Sprintf(row, one.desc, fmt.Sprint(len(w.letters)), fmt.Sprint(f.tries), fmt.Sprint(f.perHour), fmt.Sprint(f.same),
			fmt.Sprint(f.nightly), fmt.Sprint(f.doubles), fmt.Sprint(f.aside), fmt.Sprint(f.gaveUp), f.first.Round(time.Second), f.held.Round(time.Second)))
	}
	t.Log("tries, failures in an hour at the most, tries of the same notice in all and in a night, doubles that arrived\n" + strings.Join(table, "\n"))
}
