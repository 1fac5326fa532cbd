package outbox

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestOrder(t *testing.T) {
	later := now.Add(time.Minute)
	tests := []struct {
		desc    string
		notices []*Notice
		want    string
		wait    time.Duration
	}{
		{desc: "none", notices: []*Notice{}, want: ""},
		{desc: "the oldest", notices: []*Notice{{ID: "a"}, {ID: "b"}}, want: "a"},
		{desc: "one that failed keeps its place", notices: []*Notice{{ID: "a", Tries: 9}, {ID: "b"}}, want: "a"},
		{desc: "one that was refused lets others go first", notices: []*Notice{{ID: "a", Refusals: 1}, {ID: "b"}}, want: "b"},
		{desc: "the oldest of those refused least", notices: []*Notice{{ID: "a", Refusals: 2}, {ID: "b", Refusals: 1}, {ID: "c", Refusals: 1}}, want: "b"},
		{desc: "only what is due", notices: []*Notice{{ID: "a", Refusals: 1, NotBefore: later}, {ID: "b", Refusals: 7}}, want: "b"},
		{desc: "nothing is due", notices: []*Notice{{ID: "a", NotBefore: later.Add(1)}, {ID: "b", NotBefore: later}}, want: "", wait: time.Minute},
		{desc: "due at this very moment", notices: []*Notice{{ID: "a", NotBefore: now}}, want: "a"},
	}
	for _, test := range tests {
		queue := NewMemory()
		for _, notice := range test.notices {
			err := queue.Add(notice)
			if err != nil {
				t.Errorf("%s: %v", test.desc, err)
			}
		}
		got := ""
		notice, wait := queue.Next(now)
		if notice != nil {
			got = notice.ID
		}
		if got != test.want || wait != test.wait {
			t.Errorf("%s: got: %q in %s, want: %q in %s", test.desc, got, wait, test.want, test.wait)
		}
	}
}

func TestBounds(t *testing.T) {
	queue := NewMemory()
	notices := []*Notice{}
	for i := 0; i < MaxInMemory; i++ {
		notice := &Notice{ID: fmt.Sprint(i)}
		notices = append(notices, notice)
		err := queue.Add(notice)
		if err != nil {
			t.Fatalf("notice %d: %v", i, err)
		}
	}
	err := queue.Add(&Notice{})
	if !errors.Is(err, ErrFull) {
		t.Errorf("one too many: got: %v, want: %v", err, ErrFull)
	}
	queue.Remove(notices[500])
	queue.Remove(notices[500]) // is no longer there
	queue.Remove(notices[0])
	if queue.Len() != MaxInMemory-2 {
		t.Errorf("got: %d left, want: %d", queue.Len(), MaxInMemory-2)
	}
	first, _ := queue.Next(now)
	if first != notices[1] {
		t.Errorf("got: %s first, want: 1", first.ID)
	}
}
