package delivery

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		desc  string
		value string
		want  time.Duration
	}{
		{desc: "none", value: "", want: 0},
		{desc: "seconds", value: " 30 ", want: 30 * time.Second},
		{desc: "fractional seconds", value: "1.5", want: 1500 * time.Millisecond},
		{desc: "less than a second", value: "0.25", want: 0},
		{desc: "none at all", value: "0", want: 0},
		{desc: "negative", value: "-5", want: 0},
		{desc: "more than an hour", value: "86400", want: time.Hour},
		{desc: "more than fits", value: "1e300", want: time.Hour},
		{desc: "no number", value: "NaN", want: 0},
		{desc: "a date", value: now.Add(time.Minute).Format(http.TimeFormat), want: time.Minute},
		{desc: "a date gone by", value: now.Add(-time.Minute).Format(http.TimeFormat), want: 0},
		{desc: "a far date", value: now.Add(48 * time.Hour).Format(http.TimeFormat), want: time.Hour},
		{desc: "neither", value: "soon", want: 0},
	}
	for _, test := range tests {
		got := retryAfter(test.value, now)
		if got != test.want {
			t.Errorf("%s: got: %s, want: %s", test.desc, got, test.want)
		}
	}
}

func TestBackoff(t *testing.T) {
	tests := []struct {
		desc     string
		failures int
		wish     time.Duration
		least    time.Duration
		most     time.Duration
	}{
		{desc: "the first", failures: 1, least: time.Millisecond, most: 1001 * time.Millisecond},
		{desc: "the third", failures: 3, least: time.Millisecond, most: 4001 * time.Millisecond},
		{desc: "the tenth", failures: 10, least: time.Millisecond, most: 300001 * time.Millisecond},
		{desc: "one of many", failures: 1 << 30, least: time.Millisecond, most: 300001 * time.Millisecond},
		{desc: "the receiver's wish", failures: 5, wish: 42 * time.Second, least: 42 * time.Second, most: 42 * time.Second},
	}
	for _, test := range tests {
		longest := time.Duration(0)
		for i := 0; i < 200; i++ {
			got := Backoff(test.failures, test.wish)
			if got < test.least || got > test.most {
				t.Errorf("%s: got: %s, want: %s to %s", test.desc, got, test.least, test.most)
			}
			if got > longest {
				longest = got
			}
		}
		// Of 200 random ones, none in the upper half is as likely as 200 heads.
		if longest < test.most/2 {
			t.Errorf("%s: got: %s at the most of 200, want: more than half of %s", test.desc, longest, test.most)
		}
	}
}
