package wait

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestFor(t *testing.T) {
	notYet, ended := errors.New("not yet"), errors.New("ended")

	live := t.Context()
	over, end := context.WithCancelCause(t.Context())
	end(ended)

	tests := []struct {
		desc  string
		ctx   context.Context
		ready int // the question to which there is no objection
		asked int
		want  []error
	}{
		{desc: "at once", ctx: live, ready: 1, asked: 1},
		{desc: "at the third question", ctx: live, ready: 3, asked: 3},
		{desc: "asked once where the time is over", ctx: over, ready: 1, asked: 1},
		{desc: "never", ctx: over, want: []error{notYet, ended}},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			asked := 0
			err := For(test.ctx, func() error {
				if asked++; asked == test.ready {
					return nil
				}

				return notYet
			})

			if test.asked > 0 && asked != test.asked {
				t.Errorf("got: %d questions, want: %d", asked, test.asked)
			}

			if (err != nil) != (len(test.want) > 0) {
				t.Errorf("got: %v, want: %v", err, test.want)
			}

			for _, want := range test.want {
				if !errors.Is(err, want) {
					t.Errorf("got: %v, want: %v in it", err, want)
				}
			}
		})
	}
}

func TestAtMost(t *testing.T) {
	ctx := AtMost(t, time.Nanosecond)

	<-ctx.Done()

	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got: %v, want: that the time is over", err)
	}
}
