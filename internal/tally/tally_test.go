package tally

import "testing"

func TestAdd(t *testing.T) {
	counter := New()
	due := []int{}
	for i := 0; i < 1500; i++ {
		count := Add(counter)
		if count > 0 {
			due = append(due, count)
		}
	}
	want := []int{1, 10, 100, 1000}
	if len(due) != len(want) {
		t.Fatalf("got: %v, want: %v", due, want)
	}
	for i, count := range want {
		if due[i] != count {
			t.Errorf("got: %v, want: %v", due, want)
		}
	}
}

func TestReset(t *testing.T) {
	counter := New()
	Add(counter)
	if Add(counter) != 0 {
		t.Error("got: a line for the second one, want: none")
	}
	left := Reset(counter)
	if left != 2 {
		t.Errorf("got: %d, want: 2, of which one was told", left)
	}
	if Add(counter) != 1 {
		t.Error("got: no line for the first one after a reset, want: one")
	}
	left = Reset(counter)
	if left != 0 {
		t.Errorf("got: %d, want: 0, for it was told", left)
	}
}
