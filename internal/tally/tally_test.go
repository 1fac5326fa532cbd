package tally

import "testing"

func TestAdd(t *testing.T) {
	counter := New()
	due := []int{}
	for i := 0; i < 1500; i++ {
		count := counter.Add()
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
