package schedule

import (
	"fmt"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

func TestLaterKeepsTheOrder(t *testing.T) {
	for _, status := range []int{408, 429, 501, 502, 503, 504, refused, silent} {
		desc := fmt.Sprintf("%d is the receiver's own: nobody else is tried, old or new", status)
		playAll(t, []rule{{desc: desc, steps: []step{
			add("a"), add("b"), try("a", status), became(""), add("c"), idleUpTo(time.Second),
			try("a", status), idleUpTo(2 * time.Second), try("a", status), idleUpTo(4 * time.Second),
			try("a", 200), try("b", 200), try("c", 200), do("empty", ""),
		}}})
	}
	playAll(t, []rule{{desc: "the pause doubles up to 5 min, and begins anew after a delivery", steps: []step{
		add("a"), add("b"),
		try("a", 503), idleUpTo(time.Second), try("a", 503), idleUpTo(2 * time.Second), try("a", 503), idleUpTo(4 * time.Second),
		try("a", 503), idleUpTo(8 * time.Second), try("a", 503), idleUpTo(16 * time.Second), try("a", 503), idleUpTo(32 * time.Second),
		try("a", 503), idleUpTo(64 * time.Second), try("a", 503), idleUpTo(128 * time.Second), try("a", 503), idleUpTo(256 * time.Second),
		try("a", 503), idleUpTo(5 * time.Minute), try("a", 503), idleUpTo(5 * time.Minute), try("a", 503), idleUpTo(5 * time.Minute),
		try("a", 200), try("b", 503), idleUpTo(time.Second), try("b", 200), do("empty", ""),
	}}})
}

func TestRetryAfter(t *testing.T) {
	playAll(t, []rule{
		{desc: "429", steps: []step{
			add("a"), tryAfter("a", 429, 42*time.Second), add("b"), idleFor(42*time.Second, 42*time.Second), try("a", 200), try("b", 200),
		}},
		{desc: "503, after others", steps: []step{
			add("a"), try("a", 503), idleUpTo(time.Second), tryAfter("a", 503, time.Hour), idleFor(time.Hour, time.Hour), try("a", 200),
		}},
		{desc: "a hold waits longer for it", steps: []step{
			add("a"), tryAfter("a", 403, time.Minute), idleFor(time.Minute, time.Minute), try("a", 404), idle(30 * time.Second),
		}},
		{desc: "but no less", steps: []step{
			add("a"), tryAfter("a", 404, time.Second), idle(5 * time.Second), tryAfter("a", 404, time.Second), idle(30 * time.Second),
		}},
		{desc: "within a hold", steps: []step{
			add("a"), try("a", 404), idle(5 * time.Second), tryAfter("a", 429, time.Minute), add("b"), idleFor(time.Minute, time.Minute), try("a", 404),
		}},
		{desc: "of a notice that stands aside", steps: []step{
			add("a"), try("a", 400), idle(10 * time.Second), tryAfter("a", 429, time.Minute), add("b"),
			idleFor(time.Minute, time.Minute), try("b", 200), try("a", 200), do("empty", ""),
		}},
		{desc: "to a new notice during a hold", steps: []step{
			add("a"), try("a", 404), add("b"), tryAfter("b", 429, 10*time.Minute), add("c"),
			idleFor(10*time.Minute, 10*time.Minute), try("b", 200), try("c", 200),
		}},
		{desc: "of an answer that may be about a new notice alone", steps: []step{
			add("a"), try("a", 404), add("b"), tryAfter("b", 500, 10*time.Minute), idle(5 * time.Second), try("a", 404),
		}},
		{desc: "of one within a hold", steps: []step{
			add("a"), try("a", 404), idle(5 * time.Second), tryAfter("a", 500, 10*time.Minute), add("b"), try("b", 200), do("aside", "a"),
		}},
		{desc: "to a new notice during a longer hold", steps: []step{
			add("a"), try("a", 404), idle(5 * time.Second), try("a", 404), idle(30 * time.Second), try("a", 404),
			idle(2 * time.Minute), try("a", 404), idle(10 * time.Minute), try("a", 404), pass(time.Minute),
			add("b"), tryAfter("b", 429, 10*time.Minute), add("c"), idleFor(10*time.Minute, 10*time.Minute), try("c", 200),
		}},
	})
}

func TestHold(t *testing.T) {
	for _, status := range []int{301, 302, 307, 401, 403, 404, 405, 407, 410} {
		desc := fmt.Sprintf("%d: the ladder, to its last step and from its first again", status)
		playAll(t, []rule{{desc: desc, steps: []step{
			add("a"), try("a", status), became("hold"), idle(5 * time.Second), try("a", status), idle(30 * time.Second),
			try("a", status), idle(2 * time.Minute), try("a", status), idle(10 * time.Minute), try("a", status), idle(time.Hour),
			try("a", status), idle(time.Hour), try("a", status), idle(time.Hour), try("a", 200), do("empty", ""),
			add("b"), try("b", status), idle(5 * time.Second), try("b", 200), do("empty", ""),
		}}})
	}
	playAll(t, []rule{
		{desc: "a passing trouble leaves its pace alone", steps: []step{
			add("a"), try("a", 404), idle(5 * time.Second), try("a", refused), became(""), idle(5 * time.Second),
			try("a", 404), idle(30 * time.Second), try("a", 503), idle(30 * time.Second), try("a", 200), do("empty", ""),
		}},
		{desc: "and holds up new notices no longer than elsewhere", steps: []step{
			add("a"), try("a", 403), idle(5 * time.Second), try("a", 403), idle(30 * time.Second), try("a", 403),
			idle(2 * time.Minute), try("a", 403), idle(10 * time.Minute), try("a", 403), idle(time.Hour),
			try("a", 503), add("b"), idleUpTo(time.Second), try("b", 200), idle(10 * time.Second), try("a", 200), do("empty", ""),
		}},
	})
}

// TestHoldThenTrouble shows that a receiver which said 404 once and is down
// since gets as much rest as any other: tried at the hold's first pace, it
// would get 17,000 tries a day.
func TestHoldThenTrouble(t *testing.T) {
	for _, status := range []int{500, 503, refused} {
		s := New(defaultRetryFor)
		Add(s, &outbox.Notice{ID: "a", Accepted: start})
		first := outcome(404, 0)
		later := outcome(status, 0)
		tries := 0
		now := start
		for now.Before(start.Add(24 * time.Hour)) {
			item, wait := Next(s, now)
			if item == nil {
				now = now.Add(wait)
				continue
			}
			tries++
			if tries == 1 {
				Done(s, item, first, now)
				continue
			}
			Done(s, item, later, now)
		}
		// A pause of 2.5 min on average makes about 580.
		if tries < 400 || tries > 800 {
			t.Errorf("%d after a 404: got: %d tries in a day, want: 400 to 800", status, tries)
		}
	}
}

func TestTurns(t *testing.T) {
	playAll(t, []rule{
		{desc: "after a 500, the notices are tried in turn", steps: []step{
			add("a"), add("b"), add("c"), try("a", 500), became(""), try("b", 500), idleUpTo(time.Second),
			try("c", 500), idleUpTo(2 * time.Second), try("a", 500), idleUpTo(4 * time.Second), try("b", 500), idleUpTo(8 * time.Second),
			try("c", 200),
		}},
		{desc: "in a hold, too", steps: []step{
			add("a"), add("b"), add("c"), try("a", 404), try("b", 404), idle(5 * time.Second),
			try("c", 404), idle(30 * time.Second), try("a", 404), idle(2 * time.Minute), try("b", 404), idle(10 * time.Minute),
			try("c", 404), idle(time.Hour), try("a", 200),
		}},
		{desc: "an answer about the receiver does not give the turn on", steps: []step{
			add("a"), add("b"), try("a", 500), try("b", 503), idleUpTo(time.Second), try("b", 503), idleUpTo(2 * time.Second), try("b", 200),
		}},
		{desc: "after a delivery, the first is first again", steps: []step{
			add("a"), try("a", 503), add("b"), add("c"), idleUpTo(time.Second), try("a", 200), try("b", 500), try("c", 200),
			idle(10 * time.Second), try("b", 200), do("empty", ""),
		}},
	})
}

func TestDeliveryEndsAHold(t *testing.T) {
	playAll(t, []rule{
		{desc: "what failed before steps aside, what did not goes on", steps: []step{
			add("a"), add("b"), add("c"), add("d"), try("a", 403), try("b", 200), try("c", 200), try("d", 200),
			idle(10 * time.Second), try("a", 403), became("aside"), idle(time.Minute), try("a", 403), idle(10 * time.Minute),
			try("a", 403), idle(time.Hour), try("a", 403), idle(6 * time.Hour), try("a", 403), idle(6 * time.Hour), try("a", 200), do("empty", ""),
		}},
		{desc: "all that failed do", steps: []step{
			add("a"), add("b"), add("c"), add("d"), try("a", 404), try("b", 404), idle(5 * time.Second), try("c", 200),
			do("aside", "a b"), try("d", 200), do("aside", "a b"), idle(10 * time.Second),
		}},
		{desc: "what failed for the receiver's sake does not", steps: []step{
			add("a"), add("b"), try("a", 503), idleUpTo(time.Second), try("a", refused), idleUpTo(2 * time.Second), try("a", 200), try("b", 200),
		}},
		{desc: "one that stood aside ends it, too", steps: []step{
			add("a"), try("a", 400), add("b"), try("b", 404), idle(5 * time.Second), try("b", 404), idle(30 * time.Second),
			try("a", 200), idle(10 * time.Second), try("b", 200), do("empty", ""),
		}},
	})
}

func TestAside(t *testing.T) {
	for _, status := range []int{400, 402, 406, 409, 413, 415, 418, 422, 451, 499} {
		desc := fmt.Sprintf("%d: it steps aside at once, further each time", status)
		playAll(t, []rule{{desc: desc, steps: []step{
			add("a"), add("b"), try("a", status), became("aside"), try("b", 200), idle(10 * time.Second), try("a", status), idle(time.Minute),
			try("a", status), idle(10 * time.Minute), try("a", status), idle(time.Hour), try("a", status), idle(6 * time.Hour),
			try("a", status), idle(6 * time.Hour), try("a", 200), do("empty", ""),
		}}})
	}
	for _, status := range []int{301, 400, 401, 403, 404, 410, 425, 500, silent} {
		desc := fmt.Sprintf("%d to one that stands aside holds up nobody", status)
		playAll(t, []rule{{desc: desc, steps: []step{
			add("a"), try("a", 400), idle(10 * time.Second), add("b"), try("a", status), became("aside"), try("b", 200),
			idle(time.Minute), try("a", status), became("aside"), idle(10 * time.Minute), try("a", 200), do("empty", ""),
		}}})
	}
	for _, status := range []int{429, 503, refused} {
		desc := fmt.Sprintf("%d to one that stands aside is for all", status)
		playAll(t, []rule{{desc: desc, steps: []step{
			add("a"), try("a", 400), idle(10 * time.Second), add("b"), try("a", status), became(""), add("c"), idleUpTo(time.Second),
			try("b", 200), try("a", 200), try("c", 200), do("empty", ""),
		}}})
	}
	playAll(t, []rule{
		{desc: "those aside and the others are tried by turns", steps: []step{
			add("a"), try("a", 400), pass(time.Minute), add("b"), add("c"), add("d"),
			try("a", 400), try("b", 200), pass(2 * time.Minute), try("a", 400), try("c", 200), try("d", 200),
			idleFor(9*time.Minute, 11*time.Minute), try("a", 200), do("empty", ""),
		}},
		{desc: "a hold is for those aside, too", steps: []step{
			add("a"), try("a", 400), add("b"), try("b", 404), idle(5 * time.Second), try("b", 404), pass(15 * time.Second),
			idleFor(12*time.Second, 18*time.Second), try("a", 404), became("aside"), try("b", 404), idle(2 * time.Minute),
		}},
	})
}

func TestUnanswered(t *testing.T) {
	five := []step{
		add("a"), try("a", silent), idleUpTo(time.Second), try("a", silent), idleUpTo(2 * time.Second), try("a", silent),
		idleUpTo(4 * time.Second), try("a", silent), became(""), idleUpTo(8 * time.Second), try("a", silent),
	}
	playAll(t, []rule{
		{desc: "five in a row are a hold", steps: append(five[:11:11],
			became("silent hold"), idle(5*time.Second), try("a", silent), became("silent hold"), idle(30*time.Second),
			try("a", silent), idle(2*time.Minute), try("a", silent), idle(10*time.Minute), try("a", silent), idle(time.Hour),
			try("a", silent), idle(time.Hour), try("a", 200), do("empty", ""),
		)},
		{desc: "in which new notices are tried, one a minute", steps: append(five[:11:11],
			add("b"), try("b", silent), add("c"), idle(5*time.Second), try("c", silent), idle(30*time.Second), try("a", silent),
			add("d"), idleFor(15*time.Second, 30*time.Second), try("d", silent),
		)},
		{desc: "and whose end puts aside what was silent", steps: append(five[:11:11],
			add("b"), try("b", 200), add("c"), try("c", 200), idle(10*time.Second), try("a", silent), became("aside"), idle(time.Minute),
			add("d"), try("d", 200), try("a", silent), became("aside"), idle(10*time.Minute), try("a", 200), do("empty", ""),
		)},
		{desc: "an answer between begins the count anew", steps: []step{
			add("a"), try("a", silent), pass(time.Hour), try("a", silent), pass(time.Hour), try("a", silent), pass(time.Hour), try("a", silent),
			pass(time.Hour), try("a", 503), pass(time.Hour), try("a", silent), pass(time.Hour), try("a", silent), pass(time.Hour),
			try("a", silent), pass(time.Hour), try("a", silent), became(""), pass(time.Hour), try("a", silent), became("silent hold"),
		}},
		{desc: "a refused connection, too", steps: []step{
			add("a"), try("a", silent), pass(time.Hour), try("a", silent), pass(time.Hour), try("a", silent), pass(time.Hour), try("a", silent),
			pass(time.Hour), try("a", refused), pass(time.Hour), try("a", silent), became(""),
		}},
	})
}

// TestUnansweredAside shows that those aside count too, so that a receiver
// that has gone silent does not get all of them.
func TestUnansweredAside(t *testing.T) {
	p := &player{t: t, desc: "six aside", s: New(defaultRetryFor), now: start}
	p.play([]step{
		add("a"), add("b"), add("c"), add("d"), add("e"), add("f"),
		try("a", 400), try("b", 400), try("c", 400), try("d", 400), try("e", 400), try("f", 400), do("hurry", ""),
	})
	for tries := 1; tries <= 5; tries++ {
		item, _ := Next(p.s, p.now)
		if item == nil {
			t.Fatalf("got: none at try %d, want: one of those aside", tries)
		}
		want := "aside"
		if tries == 5 {
			want = "silent aside hold"
		}
		got := kindOf(Done(p.s, item, outcome(silent, 0), p.now))
		if got != want {
			t.Errorf("try %d: got: %q, want: %q", tries, got, want)
		}
	}
	p.play([]step{add("g"), try("g", 404), idle(5 * time.Second)})
}

func TestRetryFor(t *testing.T) {
	playAll(t, []rule{
		{desc: "given up at the first try after it", retryFor: time.Hour, steps: []step{
			add("a"), add("b"), try("a", 503), gaveUp(""), pass(59 * time.Minute), try("a", 503), gaveUp(""), pass(time.Minute),
			try("a", 503), gaveUp("a"),
			idleUpTo(5 * time.Minute), try("b", 503), gaveUp("b"), do("empty", ""),
		}},
		{desc: "not before this process tried it once", steps: []step{
			add("a"), add("b"), add("c"), pass(1000 * time.Hour), try("a", 503), gaveUp("a"), idleUpTo(time.Second), try("b", 404), gaveUp("b"),
			try("c", 200), do("empty", ""),
		}},
		{desc: "those in front that were tried before go with it", steps: []step{
			add("a"), add("b"), try("a", 404), try("b", 404), pass(72 * time.Hour), add("c"), try("c", 404), gaveUp("a b"), idle(30 * time.Second),
			try("c", 200), do("empty", ""),
		}},
		{desc: "those that stand aside, too", steps: []step{
			add("a"), try("a", 400), pass(72 * time.Hour), add("b"), try("a", 403), gaveUp("a"), try("b", 200), do("empty", ""),
		}},
		{desc: "and one that stepped aside just then", steps: []step{
			add("a"), pass(72 * time.Hour), try("a", 400), gaveUp("a"), do("empty", ""),
		}},
		{desc: "a delivery is one, however late", steps: []step{
			add("a"), try("a", 503), pass(1000 * time.Hour), try("a", 200), gaveUp(""), became("delivered"), do("empty", ""),
		}},
	})

	p := &player{t: t, desc: "a shorter time holds from the next try on", s: New(defaultRetryFor), now: start}
	p.play([]step{add("a"), try("a", 503), pass(2 * time.Hour)})
	SetRetryFor(p.s, time.Hour)
	p.play([]step{try("a", 503), gaveUp("a"), do("empty", "")})
}
