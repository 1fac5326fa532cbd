package schedule

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// gambler does at random what the owner of a schedule may do, and knows which
// notices must be in it.
type gambler struct {
	t        *testing.T
	rng      *rand.Rand
	s        *Schedule
	now      time.Time
	retryFor time.Duration
	answers  *answers
	jumps    bool          // of the clock
	ahead    time.Duration // what it has jumped back

	waiting map[string]bool
	added   int
	gone    int
	probed  time.Time
	told    []string // the last steps, for when one goes wrong
}

// ends are how tries end, the likely ones more than once. In a bad time none
// is delivered.
var ends = []int{200, 200, 200, 200, 200, 200, 404, 403, 301, 500, 500, 503, 429, 400, 422, refused, silent, silent, silent, silent, silent}

const badTimes = 6 // the index of the first end of a bad time

func (g *gambler) tell(format string, values ...interface{}) {
	g.told = append(g.told, g.now.Sub(start).String()+" "+fmt.Sprintf(format, values...))
	if len(g.told) > 12 {
		g.told = g.told[1:]
	}
}

func (g *gambler) fatal(problem string) {
	g.t.Helper()
	g.t.Fatalf("%s\nafter these:\n%s", problem, strings.Join(g.told, "\n"))
}

func (g *gambler) random(most time.Duration) time.Duration {
	return time.Duration(g.rng.Int63n(int64(most)))
}

func (g *gambler) add() {
	g.added++
	id := fmt.Sprint("n", g.added)
	age := g.random(time.Minute)
	if g.rng.Intn(20) == 0 {
		age = g.random(100 * time.Hour)
	}
	g.tell("add %s of %s ago", id, age)
	Add(g.s, &outbox.Notice{ID: id, Accepted: g.now.Add(-age)})
	g.waiting[id] = true
}

// try makes one, or waits.
func (g *gambler) try(bad bool) {
	g.t.Helper()
	paused := g.s.resume.After(g.now)
	item, wait := Next(g.s, g.now)
	if item == nil {
		if (wait <= 0) != (len(g.waiting) == 0) {
			g.fatal(fmt.Sprintf("got: none and wait %s, want: a time to wait where %d do", wait, len(g.waiting)))
		}
		if g.rng.Intn(3) > 0 {
			g.now = g.now.Add(wait)
		}
		return
	}
	id := item.Notice.ID
	if !g.waiting[id] {
		g.fatal("got: " + id + ", which is gone, want: one that waits")
	}
	if paused {
		g.checkProbe(item)
	}
	g.duringTry()
	switch g.rng.Intn(40) {
	case 0:
		g.tell("drop %s", id)
		Drop(g.s, item)
		g.leave(id)
		return
	case 1:
		g.tell("defer %s", id)
		Defer(g.s, item, g.now)
		return
	case 2:
		g.tell("%s is tried in vain", id)
		return
	}
	from := 0
	if bad {
		from = badTimes
	}
	status := ends[from+g.rng.Intn(len(ends)-from)]
	g.conclude(item, status)
}

func (g *gambler) checkProbe(item *Item) {
	g.t.Helper()
	if item.Tries > 0 || item.isAside || g.s.blameless {
		g.fatal(fmt.Sprintf("got: %s during a pause after %d tries, aside %t, a receiver's own %t, want: a new one, if any", idOf(item), item.Tries, item.isAside, g.s.blameless))
	}
	if !g.jumps && g.now.Sub(g.probed) < time.Minute {
		g.fatal(fmt.Sprintf("got: a second new one after %s, want: one a minute", g.now.Sub(g.probed)))
	}
	g.probed = g.now
}

// duringTry is what others do in the meantime.
func (g *gambler) duringTry() {
	if g.rng.Intn(4) == 0 {
		g.now = g.now.Add(g.random(10 * time.Second))
		g.add()
	}
	if g.jumps && g.rng.Intn(10) == 0 {
		g.jump()
	}
	if g.rng.Intn(50) == 0 {
		g.tell("hurry during a try")
		Hurry(g.s, g.now)
	}
	g.now = g.now.Add(g.random(10 * time.Second))
}

func (g *gambler) conclude(item *Item, status int) {
	g.t.Helper()
	id := item.Notice.ID
	wish := time.Duration(0)
	if g.rng.Intn(4) == 0 {
		wish = g.random(time.Hour)
	}
	result := Done(g.s, item, g.answers.of(status, wish), g.now)
	g.tell("%s %d: %s, wait %s, gave up %s", id, status, kindOf(result), result.Wait, idsOf(result.GivenUp))
	if result.Delivered != (status == 200) || result.Wait < 0 {
		g.fatal(fmt.Sprintf("got: %s and wait %s for %d", kindOf(result), result.Wait, status))
	}
	if result.Delivered {
		g.leave(id)
	}
	for _, old := range result.GivenUp {
		g.leave(old.Notice.ID)
		age := g.now.Sub(old.Notice.Accepted)
		if age < g.retryFor || old.Tries == 0 {
			g.fatal(fmt.Sprintf("got: %s given up after %s and %d tries, want: not before %s and a try", idOf(old), age, old.Tries, g.retryFor))
		}
	}
}

// leave strikes a notice off. It may leave once.
func (g *gambler) leave(id string) {
	g.t.Helper()
	if !g.waiting[id] {
		g.fatal("got: " + id + " leaves for the second time, want: once")
	}
	delete(g.waiting, id)
	g.gone++
}

// jump sets the clock, which has no monotonic reading here, by hours.
func (g *gambler) jump() {
	by := g.random(24*time.Hour) - 12*time.Hour
	g.tell("the clock jumps by %s", by)
	g.now = g.now.Add(by)
	if by < 0 {
		g.ahead -= by
	}
}

func (g *gambler) step(at int) {
	g.t.Helper()
	pick := g.rng.Intn(100)
	if pick < 20 && len(g.waiting) < 40 {
		g.add()
	} else if pick < 88 {
		g.try(at/100%2 == 0) // good and bad times, by turns
	} else if pick < 93 {
		g.now = g.now.Add(g.random(2 * time.Hour))
	} else if pick < 94 {
		g.tell("hurry")
		Hurry(g.s, g.now)
	} else if pick < 96 {
		g.retryFor = time.Hour + g.random(72*time.Hour)
		g.tell("retry for %s", g.retryFor)
		SetRetryFor(g.s, g.retryFor)
	} else if pick < 98 && g.jumps {
		g.jump()
	}
	g.check()
}

// check wants the schedule to be sound, and to hold what waits and no more.
func (g *gambler) check() {
	g.t.Helper()
	problem := problemOf(g.s)
	if problem != "" {
		g.fatal(problem)
	}
	if Len(g.s) != len(g.waiting) {
		g.fatal(fmt.Sprintf("got: %d in the schedule, want: %d", Len(g.s), len(g.waiting)))
	}
	for _, item := range g.s.queue {
		if !g.waiting[item.Notice.ID] {
			g.fatal("got: " + idOf(item) + ", which is gone, in the queue")
		}
	}
	for _, item := range g.s.aside {
		if !g.waiting[item.Notice.ID] {
			g.fatal("got: " + idOf(item) + ", which is gone, aside")
		}
	}
}

// finish has the receiver take everything.
func (g *gambler) finish() {
	g.t.Helper()
	began := g.now
	for rounds := 0; len(g.waiting) > 0; rounds++ {
		if rounds > 1000 {
			g.fatal(fmt.Sprintf("got: %d still wait, want: none", len(g.waiting)))
		}
		item, wait := Next(g.s, g.now)
		if item == nil {
			g.now = g.now.Add(wait)
			continue
		}
		g.conclude(item, 200)
		g.check()
	}
	// The longest pause is the last step aside, 6 h and a tenth.
	took := g.now.Sub(began)
	if took > 7*time.Hour+g.ahead {
		g.fatal(fmt.Sprintf("got: all delivered after %s, want: within 7 h and the %s that the clock went back", took, g.ahead))
	}
}

func TestRandom(t *testing.T) {
	for seed := int64(1); seed <= 4; seed++ {
		g := &gambler{
			t:        t,
			rng:      rand.New(rand.NewSource(seed)),
			s:        New(defaultRetryFor),
			now:      start,
			retryFor: defaultRetryFor,
			jumps:    seed%2 == 0,
			answers:  newAnswers(),
			waiting:  map[string]bool{},
		}
		for at := 0; at < 1000; at++ {
			g.step(at)
		}
		waiting := len(g.waiting)
		g.finish()
		if g.gone != g.added || g.added < 100 {
			t.Errorf("seed %d: got: %d gone of %d, want: all, and many", seed, g.gone, g.added)
		}
		t.Logf("seed %d: %d notices, %d waited at the end", seed, g.added, waiting)
	}
}
