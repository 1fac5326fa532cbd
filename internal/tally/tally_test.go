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

func TestReset(t *testing.T) {
	counter := New()
	counter.Add()
	if counter.Add() != 0 {
		t.Error("got: a line for the second one, want: none")
	}
	left := counter.Reset()
	if left != 2 {
		t.Errorf("got: %d, want: 2, of which one was told", left)
	}
	if counter.Add() != 1 {
		t.Error("got: no line for the first one after a reset, want: one")
	}
	left = counter.Reset()
	if left != 0 {
		t.Errorf("got: %d, want: 0, for it was told", left)
	}
}
