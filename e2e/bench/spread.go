package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// spread is the median of several rounds, and the quartiles; of three rounds, the
// least and the most.
type spread[T cmp.Ordered] struct {
	median, low, high T
}

// spreadOf takes at least one value.
func spreadOf[T cmp.Ordered](values []T) spread[T] {
	sorted := slices.Sorted(slices.Values(values))
	last := len(sorted) - 1

	return spread[T]{median: sorted[last/2], low: sorted[last/4], high: sorted[last-last/4]}
}

// ratios divides round by round: what the machine did meanwhile happened to
// both.
func ratios[T ~int64 | ~float64](of, to []T) spread[float64] {
	divided := make([]float64, 0, len(of))
	for i := range of {
		divided = append(divided, float64(of[i])/float64(to[i]))
	}

	return spreadOf(divided)
}

func ratio(s spread[float64]) string {
	return fmt.Sprintf("%.2f (%.2f–%.2f)", s.median, s.low, s.high)
}

func micros(s spread[time.Duration]) string {
	return fmt.Sprintf("%d (%d–%d)", s.median.Microseconds(), s.low.Microseconds(), s.high.Microseconds())
}

func nanos(s spread[time.Duration]) string {
	return fmt.Sprintf("%d (%d–%d)", s.median, s.low, s.high)
}

func millis(s spread[time.Duration]) string {
	return fmt.Sprintf("%.1f (%.1f–%.1f)", ms(s.median), ms(s.low), ms(s.high))
}

func whole(s spread[float64]) string {
	return fmt.Sprintf("%.0f (%.0f–%.0f)", s.median, s.low, s.high)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
