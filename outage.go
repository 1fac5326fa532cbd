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
	reason   string
	lost     int // notices given up
	givenUp  *tally.Tally
}

func newOutage() *outage {
	return &outage{givenUp: tally.New()}
}

// gaveUp counts a notice that was given up, and returns the count where that
// is worth a line.
func (o *outage) gaveUp() int {
	o.lost++
	due := o.givenUp.Add()
	return due
}

// failed counts a failure and tells whether it is worth a line: the first, the
// second, the fourth and so on, and whenever the reason is another.
func (o *outage) failed(reason string, now time.Time) bool {
	if o.failures == 0 {
		o.since = now
	}
	o.failures++
	isNew := reason != o.reason
	o.reason = reason
	return isNew || o.failures&(o.failures-1) == 0
}

// ended tells how long it was, if there was one.
func (o *outage) ended(now time.Time) time.Duration {
	if o.failures == 0 {
		return 0
	}
	o.failures = 0
	o.reason = ""
	o.lost = 0
	o.givenUp.Reset()
	lasted := now.Sub(o.since)
	if lasted <= 0 {
		return 1
	}
	return lasted
}
