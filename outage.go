package signupwebhook

// Failures, counted until their end.

import (
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// outage sums up failures until their end, so that a receiver that is down for
// days, or one that refuses many names, does not fill the log.
type outage struct {
	failures int
	since    time.Time
	reasons  map[string]bool // that were said
	lost     int             // notices given up
	givenUp  *tally.Tally
}

// maxReasons is how many reasons of one outage are news.
const maxReasons = 20

func newOutage() *outage {
	return &outage{reasons: map[string]bool{}, givenUp: tally.New()}
}

// gaveUp counts a notice that was given up, and returns the count where that
// is worth a line.
func gaveUp(o *outage) int {
	o.lost++
	due := tally.Add(o.givenUp)
	return due
}

// failed counts a failure and tells whether it is worth a line: the first, the
// second, the fourth and so on, and each reason once.
func failed(o *outage, reason string, now time.Time) bool {
	if o.failures == 0 {
		o.since = now
	}
	o.failures++
	isNew := !o.reasons[reason] && len(o.reasons) < maxReasons
	if isNew {
		o.reasons[reason] = true
	}
	return isNew || o.failures&(o.failures-1) == 0
}

// ended tells how long it was, if there was one.
func ended(o *outage, now time.Time) time.Duration {
	if o.failures == 0 {
		return 0
	}
	o.failures = 0
	o.reasons = map[string]bool{}
	o.lost = 0
	_ = tally.Reset(o.givenUp)
	lasted := now.Sub(o.since)
	if lasted <= 0 {
		return 1
	}
	return lasted
}
