package seen

import "testing"

// The memory is bounded, and those who come often stay in it.
func TestRecent(t *testing.T) {
	r := newRecent(10)
	for i := uint64(1); i <= 100; i++ {
		r.add(i)
		r.add(i)
		if !isRecent(r, 1) || !isRecent(r, i) {
			t.Fatalf("%d: got: forgotten, want: who comes all the time, and the last", i)
		}
		if len(r.newer)+len(r.older) > 20 {
			t.Fatalf("got: %d, want: at most 20", len(r.newer)+len(r.older))
		}
	}
	if isRecent(r, 50) {
		t.Error("got: remembered, want: forgotten by now")
	}
}
