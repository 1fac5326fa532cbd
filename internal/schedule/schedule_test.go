package schedule

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// Beside the statuses, a try can end in these ways.
const (
	refused = 1 // no connection
	silent  = 2 // sent whole, and no answer in time
)

const defaultRetryFor = 72 * time.Hour

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// answering is a transport for one try.
type answering struct {
	status     int
	retryAfter time.Duration
}

func (a *answering) RoundTrip(req *http.Request) (*http.Response, error) {
	switch a.status {
	case refused:
		return nil, errors.New("connection refused")
	case silent:
		trace := httptrace.ContextClientTrace(req.Context())
		trace.WroteRequest(httptrace.WroteRequestInfo{})
		return nil, context.DeadlineExceeded
	}
	header := http.Header{}
	if a.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int(a.retryAfter.Seconds())))
	}
	var body io.ReadCloser = io.NopCloser(strings.NewReader(""))
	return &http.Response{StatusCode: a.status, Header: header, Body: body, Request: req}, nil
}

// outcome is what delivery itself makes of such an end of a try, so that the
// rules are tested from the status on.
func outcome(status int, retryAfter time.Duration) *delivery.Outcome {
	var transport http.RoundTripper = &answering{status: status, retryAfter: retryAfter}
	return delivery.Post(delivery.NewClient(transport), &delivery.Request{
		Target:  &url.URL{Scheme: "https", Host: "receiver.invalid", Path: "/"},
		Header:  http.Header{},
		Timeout: time.Minute,
	})
}

// answers remembers outcomes, for tests with thousands of tries.
type answers struct {
	known map[int]*delivery.Outcome
}

func newAnswers() *answers {
	return &answers{known: map[int]*delivery.Outcome{}}
}

// of is the outcome of a status and a Retry-After, which may be exact here.
func (a *answers) of(status int, retryAfter time.Duration) *delivery.Outcome {
	if a.known[status] == nil {
		a.known[status] = outcome(status, 0)
	}
	made := a.known[status]
	if made.Status == 0 || made.Verdict == delivery.Delivered {
		return made
	}
	return &delivery.Outcome{Verdict: made.Verdict, Alone: made.Alone, Status: status, Wait: retryAfter}
}

// step is one line of a rule's test.
type step struct {
	do     string
	id     string
	status int
	after  time.Duration // Retry-After
	least  time.Duration
	most   time.Duration
}

// add has a notice accepted now.
func add(id string) step {
	return step{do: "add", id: id}
}

// addOf has a notice come that was accepted then, after the start.
func addOf(id string, accepted time.Duration) step {
	return step{do: "add of", id: id, least: accepted}
}

// try wants that notice to be next, and its try to end so.
func try(id string, status int) step {
	return step{do: "try", id: id, status: status}
}

// tryAfter is a try whose answer has a Retry-After.
func tryAfter(id string, status int, after time.Duration) step {
	return step{do: "try", id: id, status: status, after: after}
}

// begin and end are the two halves of a try.
func begin(id string) step {
	return step{do: "begin", id: id}
}

func end(status int) step {
	return step{do: "end", status: status}
}

// idle wants nothing to do for about that long, and waits for it.
func idle(wait time.Duration) step {
	return step{do: "idle", least: wait * 9 / 10, most: wait * 11 / 10}
}

// idleFor is idle for a time between two.
func idleFor(least, most time.Duration) step {
	return step{do: "idle", least: least, most: most}
}

// idleUpTo is idle after a backoff, which is random from zero on.
func idleUpTo(most time.Duration) step {
	return step{do: "idle", least: time.Millisecond, most: most + time.Millisecond}
}

// pass lets time go by, or back.
func pass(by time.Duration) step {
	return step{do: "pass", least: by}
}

// became wants the last try to have had that result: hold, silent hold, aside
// or nothing.
func became(what string) step {
	return step{do: "became", id: what}
}

// gaveUp wants the last try to have ended those notices.
func gaveUp(ids string) step {
	return step{do: "gave up", id: ids}
}

// do is a call by that name. drop and defer want the notice to be next.
func do(what, id string) step {
	return step{do: what, id: id}
}

// player plays steps on a schedule.
type player struct {
	t    *testing.T
	desc string
	s    *Schedule
	now  time.Time
	item *Item
	last *Result
}

func (p *player) play(steps []step) {
	p.t.Helper()
	for at, one := range steps {
		p.desc = fmt.Sprintf("%s, step %d (%s %s)", p.desc, at+1, one.do, one.id)
		if !p.playOne(one) {
			return // what follows would only confuse
		}
		p.desc = p.desc[:strings.LastIndex(p.desc, ", step ")]
		problem := problemOf(p.s)
		if problem != "" {
			p.t.Errorf("%s, after step %d (%s %s): %s", p.desc, at+1, one.do, one.id, problem)
			return
		}
	}
}

func (p *player) playOne(one step) bool {
	p.t.Helper()
	switch one.do {
	case "add":
		Add(p.s, &outbox.Notice{ID: one.id, Accepted: p.now})
	case "add of":
		Add(p.s, &outbox.Notice{ID: one.id, Accepted: start.Add(one.least)})
	case "try":
		if !p.begin(one.id) {
			return false
		}
		p.last = Done(p.s, p.item, outcome(one.status, one.after), p.now)
	case "begin":
		return p.begin(one.id)
	case "end":
		p.last = Done(p.s, p.item, outcome(one.status, one.after), p.now)
	case "idle":
		return p.idle(one.least, one.most)
	case "pass":
		p.now = p.now.Add(one.least)
	case "became":
		return p.equal(kindOf(p.last), one.id)
	case "gave up":
		return p.equal(idsOf(p.last.GivenUp), one.id)
	case "hurry":
		Hurry(p.s, p.now)
	case "drop":
		if !p.begin(one.id) {
			return false
		}
		Drop(p.s, p.item)
	case "defer":
		if !p.begin(one.id) {
			return false
		}
		Defer(p.s, p.item, p.now)
	case "aside":
		ids := strings.Fields(idsOf(p.s.aside))
		sort.Strings(ids)
		return p.equal(strings.Join(ids, " "), one.id)
	case "empty":
		item, wait := Next(p.s, p.now)
		if item != nil || wait != 0 || Len(p.s) != 0 {
			p.t.Errorf("%s: got: %s, wait %s, %d left, want: nothing", p.desc, idOf(item), wait, Len(p.s))
			return false
		}
	default:
		p.t.Errorf("%s: no such step", p.desc)
		return false
	}
	return true
}

func (p *player) begin(id string) bool {
	p.t.Helper()
	item, wait := Next(p.s, p.now)
	p.item = item
	if idOf(item) != id {
		p.t.Errorf("%s: got: %s, wait %s, want: %s", p.desc, idOf(item), wait, id)
		return false
	}
	return true
}

func (p *player) idle(least, most time.Duration) bool {
	p.t.Helper()
	item, wait := Next(p.s, p.now)
	if item != nil || wait < least || wait > most {
		p.t.Errorf("%s: got: %s, wait %s, want: none, wait %s to %s", p.desc, idOf(item), wait, least, most)
		return false
	}
	p.now = p.now.Add(wait)
	return true
}

func (p *player) equal(got, want string) bool {
	p.t.Helper()
	if got != want {
		p.t.Errorf("%s: got: %q, want: %q", p.desc, got, want)
		return false
	}
	return true
}

func idOf(item *Item) string {
	if item == nil {
		return "none"
	}
	return item.Notice.ID
}

func idsOf(items []*Item) string {
	ids := []string{}
	for _, item := range items {
		ids = append(ids, item.Notice.ID)
	}
	return strings.Join(ids, " ")
}

func kindOf(result *Result) string {
	kinds := []string{}
	if result.Silent {
		kinds = append(kinds, "silent")
	}
	if result.Aside {
		kinds = append(kinds, "aside")
	}
	if result.Hold {
		kinds = append(kinds, "hold")
	}
	if result.Delivered {
		kinds = append(kinds, "delivered")
	}
	return strings.Join(kinds, " ")
}

// problemOf says what in a schedule contradicts itself; "" if nothing does.
func problemOf(s *Schedule) string {
	if s.tried < 0 || s.tried > len(s.queue) {
		return fmt.Sprintf("got: tried %d, want: 0 to %d", s.tried, len(s.queue))
	}
	// What was tried is in front, so no turn goes beyond the first new one.
	if s.turn < 0 || s.turn > s.tried {
		return fmt.Sprintf("got: turn %d, want: 0 to %d", s.turn, s.tried)
	}
	seen := map[string]bool{}
	for at, item := range s.queue {
		if item == nil || item.isAside {
			return fmt.Sprintf("got: %s at %d of the queue, want: one that is not aside", idOf(item), at)
		}
		if seen[item.Notice.ID] {
			return "got: twice " + item.Notice.ID + ", want: once"
		}
		seen[item.Notice.ID] = true
		if at >= s.tried && item.Tries > 0 {
			return fmt.Sprintf("got: %s among the new ones after %d tries, want: before them", idOf(item), item.Tries)
		}
	}
	for at, item := range s.aside {
		if item == nil || !item.isAside {
			return fmt.Sprintf("got: %s at %d of those aside, want: one that is aside", idOf(item), at)
		}
		if seen[item.Notice.ID] {
			return "got: twice " + item.Notice.ID + ", want: once"
		}
		seen[item.Notice.ID] = true
		if at > 0 && s.aside[at-1].due.After(item.due) {
			return fmt.Sprintf("got: %s due before the one in front of it, want: sorted", idOf(item))
		}
	}
	if Len(s) != len(seen) {
		return fmt.Sprintf("got: length %d, want: %d", Len(s), len(seen))
	}
	return ""
}

// rule is one sentence of what a schedule promises, and how it is shown.
type rule struct {
	desc     string
	retryFor time.Duration // 0 for the default
	steps    []step
}

func playAll(t *testing.T, rules []rule) {
	t.Helper()
	for _, one := range rules {
		retryFor := one.retryFor
		if retryFor == 0 {
			retryFor = defaultRetryFor
		}
		// Jitter is random, so that one run shows little.
		for round := 0; round < 3; round++ {
			p := &player{t: t, desc: one.desc, s: New(retryFor), now: start}
			p.play(one.steps)
		}
	}
}

func TestOrder(t *testing.T) {
	playAll(t, []rule{
		{desc: "nothing waits", steps: []step{do("empty", "")}},
		{desc: "in the order of their acceptance", steps: []step{
			add("a"), add("b"), add("c"), try("a", 200), try("b", 204), became("delivered"), try("c", 200), do("empty", ""),
		}},
		{desc: "what comes late goes where it belongs", steps: []step{
			addOf("b", 2*time.Second), addOf("d", 4*time.Second), addOf("c", 3*time.Second), addOf("a", time.Second),
			try("a", 200), try("b", 200), try("c", 200), try("d", 200), do("empty", ""),
		}},
		{desc: "but not before one that was tried", steps: []step{
			addOf("b", 2*time.Second), try("b", 503), addOf("a", time.Second),
			idleUpTo(time.Second), try("b", 200), try("a", 200), do("empty", ""),
		}},
		{desc: "nor before one that is being tried", steps: []step{
			addOf("b", 2*time.Second), begin("b"), addOf("a", time.Second), end(500),
			try("a", 200), idle(10 * time.Second), try("b", 200), do("empty", ""),
		}},
		{desc: "a try that nobody concludes changes nothing", steps: []step{
			add("a"), add("b"), begin("a"), begin("a"), try("a", 200), try("b", 200), do("empty", ""),
		}},
	})
}

func TestProbes(t *testing.T) {
	playAll(t, []rule{
		{desc: "a new notice during a hold is tried at once, the next one a minute later, and the pace is as before", steps: []step{
			add("a"), try("a", 404), idle(5 * time.Second), try("a", 404), idle(30 * time.Second), try("a", 404),
			add("b"), try("b", 404), became("hold"), add("c"), idleFor(time.Minute, time.Minute), try("c", 404),
			idleFor(48*time.Second, 72*time.Second), try("a", 404), idle(10 * time.Minute), try("b", 404),
		}},
		{desc: "no old notice is tried so", steps: []step{
			add("a"), add("b"), try("a", 404), try("b", 404), pass(2 * time.Second), idleFor(2*time.Second, 4*time.Second), try("a", 404),
		}},
		{desc: "during the pause after a 500, too", steps: []step{
			add("a"), try("a", 500), add("b"), try("b", 200), idle(10 * time.Second), try("a", 200), do("empty", ""),
		}},
		{desc: "one that takes longer than the pause is no step either", steps: []step{
			add("a"), try("a", 404), add("b"), begin("b"), pass(7 * time.Second), end(404), try("a", 404), idle(30 * time.Second), try("b", 404),
		}},
		{desc: "one that fails for the receiver's sake is no step either", steps: []step{
			add("a"), try("a", 404), add("b"), try("b", 503), idle(5 * time.Second), try("b", 404), idle(30 * time.Second),
		}},
		{desc: "one that is refused steps aside and leaves the hold", steps: []step{
			add("a"), try("a", 404), add("b"), try("b", 400), became("aside"), idle(5 * time.Second), try("a", 404), idle(30 * time.Second),
		}},
		{desc: "none after an answer that is the receiver's", steps: []step{
			add("a"), try("a", 500), idleUpTo(time.Second), tryAfter("a", 503, 10*time.Minute), add("b"), idleFor(10*time.Minute, 10*time.Minute), try("a", 200),
		}},
	})
}

func TestHurry(t *testing.T) {
	playAll(t, []rule{
		{desc: "it ends a backoff, and the next begins anew", steps: []step{
			add("a"), try("a", 503), pass(time.Hour), try("a", 503), pass(time.Hour), try("a", 503), pass(time.Hour), try("a", 503),
			pass(time.Hour), try("a", 503), pass(time.Hour), try("a", 503), pass(time.Hour), try("a", 503), pass(time.Hour),
			tryAfter("a", 503, time.Hour), do("hurry", ""), try("a", 503), idleUpTo(time.Second), try("a", 200), do("empty", ""),
		}},
		{desc: "it ends a hold, and the next begins anew", steps: []step{
			add("a"), try("a", 404), idle(5 * time.Second), try("a", 404), do("hurry", ""), try("a", 404), idle(5 * time.Second), try("a", 200),
		}},
		{desc: "the order is as before, since what failed did so under other settings", steps: []step{
			add("a"), add("b"), add("c"), add("d"), try("a", 404), try("b", 404), idle(5 * time.Second), try("c", 404), do("hurry", ""),
			try("a", 200), try("b", 200), try("c", 200), try("d", 200), do("empty", ""),
		}},
		{desc: "what stands aside is due", steps: []step{
			addOf("a", 1), addOf("b", 2), try("a", 400), try("b", 200), do("hurry", ""), try("a", 200), do("empty", ""),
		}},
		{desc: "the count of silent tries begins anew", steps: []step{
			add("a"), try("a", silent), pass(time.Hour), try("a", silent), pass(time.Hour), try("a", silent), pass(time.Hour), try("a", silent),
			do("hurry", ""), try("a", silent), became(""),
		}},
		{desc: "where nothing waits, it does nothing", steps: []step{do("hurry", ""), do("empty", ""), add("a"), try("a", 200), do("empty", "")}},
	})
}

func TestDropAndDefer(t *testing.T) {
	playAll(t, []rule{
		{desc: "dropped, the next is next", steps: []step{
			add("a"), add("b"), add("c"), do("drop", "a"), try("b", 200), do("drop", "c"), do("empty", ""),
		}},
		{desc: "dropped while it has its turn", steps: []step{
			add("a"), add("b"), add("c"), try("a", 500), do("drop", "b"), idleUpTo(time.Second), try("c", 500), idleUpTo(2 * time.Second),
			do("drop", "a"), try("c", 200), do("empty", ""),
		}},
		{desc: "dropped while it stands aside", steps: []step{
			add("a"), try("a", 400), idle(10 * time.Second), do("drop", "a"), do("empty", ""),
		}},
		{desc: "deferred, it steps aside", steps: []step{
			add("a"), add("b"), do("defer", "a"), try("b", 200), idle(10 * time.Second), do("defer", "a"), idle(time.Minute), try("a", 200), do("empty", ""),
		}},
		{desc: "deferred during a hold, it is none of its steps", steps: []step{
			add("a"), try("a", 404), add("b"), do("defer", "b"), idle(5 * time.Second), try("a", 404), idle(30 * time.Second), try("b", 200),
		}},
		{desc: "deferred is not tried: it is not given up", steps: []step{
			add("a"), pass(100 * time.Hour), do("defer", "a"), idle(10 * time.Second), try("a", 404), gaveUp("a"), do("empty", ""),
		}},
	})

	s := New(defaultRetryFor)
	item := Add(s, &outbox.Notice{ID: "a", Accepted: start})
	Drop(s, item)
	Drop(s, item)
	if Len(s) != 0 || problemOf(s) != "" {
		t.Errorf("dropped twice: got: %d left %s, want: none", Len(s), problemOf(s))
	}
}

func TestClockThatJumps(t *testing.T) {
	playAll(t, []rule{
		{desc: "back during a backoff", steps: []step{
			add("a"), try("a", 503), pass(-5 * time.Hour), idleFor(5*time.Hour, 5*time.Hour+time.Minute), try("a", 200), do("empty", ""),
		}},
		{desc: "back during a try", steps: []step{
			add("a"), begin("a"), pass(-5 * time.Hour), end(404), idle(5 * time.Second), try("a", 200), do("empty", ""),
		}},
		{desc: "back during a hold, with a new notice", steps: []step{
			add("a"), try("a", 404), add("b"), try("b", 404), pass(-5 * time.Hour), add("c"), idleFor(5*time.Hour, 5*time.Hour+time.Minute), try("c", 200),
		}},
		{desc: "back while one stands aside", steps: []step{
			add("a"), try("a", 400), pass(-5 * time.Hour), idleFor(5*time.Hour, 5*time.Hour+time.Minute), try("a", 200), do("empty", ""),
		}},
		{desc: "on during a hold", steps: []step{
			add("a"), try("a", 404), pass(50 * time.Hour), try("a", 404), idle(30 * time.Second), try("a", 200), do("empty", ""),
		}},
		{desc: "on beyond the time of a notice", steps: []step{
			add("a"), try("a", 404), pass(500 * time.Hour), try("a", 404), gaveUp("a"), do("empty", ""),
		}},
		{desc: "to before a notice's acceptance", steps: []step{
			add("a"), pass(-5000 * time.Hour), try("a", 503), gaveUp(""), idleUpTo(time.Second), add("b"), try("a", 200), try("b", 200), do("empty", ""),
		}},
	})
}
