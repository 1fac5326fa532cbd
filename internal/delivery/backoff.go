package delivery

// How long to wait after a failure: the plugin's own pace, or the receiver's
// wish.

import (
	"math"
	"math/rand"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	firstWait     = time.Second
	maxWait       = 5 * time.Minute
	maxRetryAfter = time.Hour
)

// Backoff is how long to wait after that many failures in a row: a random
// time up to 1 s doubling to 5 min, so that many senders do not come back at
// once (full jitter). A receiver's own wish goes before.
func Backoff(failures int, wish time.Duration) time.Duration {
	if wish > 0 {
		return wish
	}
	ceiling := firstWait
	for i := 1; i < failures && ceiling < maxWait; i++ {
		ceiling = ceiling * 2
	}
	if ceiling > maxWait {
		ceiling = maxWait
	}
	return time.Duration(rand.Int63n(int64(ceiling)) + int64(time.Millisecond))
}

// retryAfter reads the header of that name (RFC 9110, section 10.2.3): seconds
// or a date. More than an hour counts as one hour; less than a second is no
// wish, so that a receiver that says 0 for days is not asked every second.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	var wait time.Duration
	seconds, err := strconv.ParseFloat(value, 64)
	if err == nil {
		if seconds > maxRetryAfter.Seconds() {
			return maxRetryAfter
		}
		wait = time.Duration(math.Round(seconds*1000)) * time.Millisecond
	} else {
		date, err := http.ParseTime(value)
		if err != nil {
			return 0
		}
		wait = date.Sub(now)
	}
	if wait < firstWait {
		return 0
	}
	if wait > maxRetryAfter {
		return maxRetryAfter
	}
	return wait
}
