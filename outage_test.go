package signupwebhook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
)

// Names that are refused in turn with ones that are taken are no outage after
// outage: they are summed up, and their end is one line.
func TestRefusalsAreSummedUp(t *testing.T) {
	const refused = 8 // the first is tried again after nine seconds
	statuses := []int{}
	for i := 0; i < refused; i++ {
		statuses = append(statuses, 400, 200)
	}
	receiver := newWebhook(t, statuses...)
	n, lines := notifierTo(t, receiver.url)
	for i := 0; i < 2*refused; i++ {
		accept(n, event(fmt.Sprint(i)))
		receiver.await(t)
	}
	await(t, "the last answer", func() bool { return waiting(n) == refused })
	said := lines.text()
	if strings.Count(said, "\n")+1 != 4 || !strings.Contains(said, "Failure 8, ") || strings.Contains(said, "again after") {
		t.Errorf("got: %s, want: a line at the first, second, fourth and so on", said)
	}
	hurryNow(n)
	awaitIdle(t, n)
	if strings.Count(lines.text(), "\n")+1 != 5 || !strings.HasSuffix(lines.text(), ", 0 waiting") {
		t.Errorf("got: %s, want: one line more, for the end", lines.text())
	}
}

// Reasons that take turns are repeats, too.
func TestReasonsThatTakeTurns(t *testing.T) {
	o := newOutage()
	said := 0
	for i := 0; i < 500; i++ {
		if failed(o, fmt.Sprint("reason ", i%2), time.Now()) {
			said++
		}
	}
	if said != 9 { // 1, 2, 4 and so on to 256
		t.Errorf("got: %d lines of 500, want: 9", said)
	}
	_ = ended(o, time.Now())
	for i := 0; i < 500; i++ {
		_ = failed(o, fmt.Sprint("reason ", i), time.Now())
	}
	if len(o.reasons) > maxReasons || failed(o, "reason 600", time.Now()) {
		t.Error("the five hundredth reason is still news")
	}
}

// What is refused long after the last one was given up is news again.
func TestARefusalIsNewsAgain(t *testing.T) {
	receiver := newWebhook(t, 400, 400, 400, 400)
	n, lines := notifierTo(t, receiver.url)
	for i := 1; i <= 4; i++ {
		old := event(fmt.Sprint(i))
		old.Time = time.Now().Add(-config.DefaultRetryFor - time.Second)
		accept(n, old)
		receiver.await(t)
		awaitIdle(t, n)
		got := strings.Count(lines.text(), "is given up after 1 tries; 1 so far")
		if got != i {
			t.Errorf("got: %d lines, want: %d", got, i)
		}
	}
}
