// Package wait is how tests wait for what nobody tells them of: they ask again
// and again, and an end is set to it.
package wait

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// pause is the time between two questions.
const pause = 20 * time.Millisecond

// For asks until there is no objection. When ctx ends first, its cause and the
// last objection are the error.
func For(ctx context.Context, ask func() error) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()

	for {
		err := ask()
		if err == nil {
			return nil
		}

		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
	}
}

// Until asks until there is no objection, and fails the test when there still is
// one at the limit. It asks in the test's own goroutine, so that what is asked
// may end the test or leave it out, which testify's Eventually does not allow.
func Until(t testing.TB, limit time.Duration, ask func() error) {
	t.Helper()

	if err := For(AtMost(t, limit), ask); err != nil {
		t.Fatalf("after %v: %v", limit, err)
	}
}

// AtMost is the test's context with an end.
func AtMost(t testing.TB, limit time.Duration) context.Context {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)

	return ctx
}
