package seen

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLearning(t *testing.T) {
	tests := []struct {
		desc     string
		learnFor time.Duration
		marked   int
		after    time.Duration
		admin    bool
		begins   bool
		goesOn   bool
		said     string // at the end
	}{
		{desc: "goes on", learnFor: week, marked: 2, after: week - time.Second, begins: true, goesOn: true},
		{desc: "ends in time", learnFor: week, marked: 2, after: week, begins: true, said: "learning is over: 2 accounts are remembered"},
		{desc: "of nobody", learnFor: 0, said: "learning is over: 0 accounts are remembered"},
		{desc: "of a new instance", learnFor: week, admin: true, begins: true, said: "learning is over, for this Open WebUI has got its first account just now: 0 accounts"},
		{desc: "of an old instance", learnFor: week, marked: 1, admin: true, begins: true, goesOn: true},
		{desc: "of a new instance, later", learnFor: time.Hour, after: 2 * time.Hour, admin: true, begins: true, said: "learning is over: 0 accounts"},
	}
	for _, test := range tests {
		path := filepath.Join(t.TempDir(), "seen")
		b := bookIn(t, path)
		b.LearnFor(test.learnFor)
		text := open(t, b)
		if strings.Contains(text, "learning begins") != test.begins {
			t.Errorf("%s: got: %q, want the beginning: %t", test.desc, text, test.begins)
		}
		for i := 0; i < test.marked; i++ {
			mark(t, b, &Account{ID: fmt.Sprint(i)})
		}
		now := noon.Add(test.after)
		text = ""
		if test.admin {
			text = said(b.EndIfNew(now))
		}
		text = text + said(b.EndIfDue(now))
		if !strings.Contains(text, test.said) || (text == "") != (test.said == "") {
			t.Errorf("%s: got: %q, want: %q", test.desc, text, test.said)
		}
		if learns(b, now) != test.goesOn {
			t.Errorf("%s: got: %t, want: %t", test.desc, learns(b, now), test.goesOn)
		}
		// It is said once, and is the same for all and afterwards.
		other := bookIn(t, path)
		text = open(t, other) + said(other.EndIfDue(now)) + said(other.EndIfNew(now))
		if !test.goesOn && (text != "" || learns(other, now)) {
			t.Errorf("%s: got: %q, want: nothing more to say", test.desc, text)
		}
	}
}

// A process that sees another end the learning ends it too.
func TestLearningEndedByAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	a := bookIn(t, path)
	b := bookIn(t, path)
	open(t, a)
	open(t, b)
	_, err := a.EndIfNew(noon)
	if err != nil || !learns(b, noon) {
		t.Fatalf("got: %v, want: one of them to learn", err)
	}
	text := said(b.Check(noon, tim))
	if text != "" || learns(b, noon) {
		t.Errorf("got: %q, want: no news, and an end", text)
	}
}
