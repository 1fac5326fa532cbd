package doors

import (
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// learning is what a middleware does that comes to an Open WebUI with people.
func (w *world) learning(t *testing.T) {
	learner := at(w.first)
	learner.host = learningHost

	old := w.behind(t, "otto", 3)
	absent := w.behind(t, "abel", 1)[0]

	for _, p := range old {
		learner.as(p.Token).load(t)
	}

	fresh := learner.signUp(t, "Nina", "nina@example.org")
	w.expect(w.learn, told("signup", fresh))
	w.compare(t, w.learn)

	// Remembered is who was answered already, but not before.
	wait.Until(t, patience, func() error { return w.markers("learning@file", len(old)+1) })

	// It ends.
	w.learnFor = "1ms"
	if err := w.first.WriteDynamic(t.Context(), w.dynamic()); err != nil {
		t.Fatal(err)
	}

	for _, p := range append(old, fresh) {
		learner.as(p.Token).load(t)
	}

	learner.as(absent.Token).load(t)
	w.expect(w.learn, told("first-seen", absent))
	w.compare(t, w.learn)

	if lines := saidBy(w.first, "learning@file", "learning is over: 4 accounts are remembered"); len(lines) != 1 {
		t.Errorf("got: %q, want: one line of the learning's end", lines)
	}

	// The other middlewares have seen none of them.
	for _, p := range append(old, fresh, absent) {
		at(w.first).as(p.Token).load(t)
		w.expect(w.every, told("first-seen", p))
		w.expect(w.seen, told("first-seen", p))
	}
}
