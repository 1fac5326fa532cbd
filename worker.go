package signupwebhook

// The goroutine that tries what waits, one notice after the other, and the timer
// between two tries.

import (
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
	"github.com/traefik-openwebui/signupwebhook/internal/sender"
)

const (
	// afterFault is the pause after a fault of our own.
	afterFault = time.Minute
	// watchEvery is how often a secret file is looked at during a pause
	// that its change would end.
	watchEvery = 5 * time.Second
)

// startWorker sets the worker going, unless it is or a timer will. It is called with
// the lock held, as are hurry, stopTimer, rest and nudge.
func startWorker(n *notifier) {
	if n.working || n.closed || n.timer != nil || n.settings == nil || schedule.Len(n.schedule) == 0 {
		return
	}
	n.working = true
	go work(n)
}

// hurry ends the pause after a failure.
func hurry(n *notifier) {
	schedule.Hurry(n.schedule, time.Now())
	stopTimer(n)
	startWorker(n)
}

// stopTimer takes the timer back, unless it is waking the worker just now.
func stopTimer(n *notifier) {
	if n.timer != nil && n.timer.Stop() {
		n.timer = nil
	}
}

// rest ends the work until a timer wakes it.
func rest(n *notifier, wait time.Duration) {
	n.working = false
	if n.still {
		wait = time.Hour
	}
	n.timer = time.AfterFunc(wait, n.wake)
}

// wake is called by the timer, without the lock.
func (n *notifier) wake() {
	defer func() { report(n, recover()) }()
	n.mu.Lock()
	n.timer = nil
	startWorker(n)
	n.mu.Unlock()
}

// nudge lets the worker look whether something is due: a new notice may be,
// although a timer is set for the others.
func nudge(n *notifier) {
	stopTimer(n)
	startWorker(n)
}

// work makes tries until nothing is left to do now. It is called without the
// lock.
func work(n *notifier) {
	defer func() {
		if report(n, recover()) {
			n.mu.Lock()
			rest(n, afterFault)
			n.mu.Unlock()
		}
	}()
	for step(n) {
	}
}

// step makes one try and tells whether to go on. It is called without the
// lock, as is what it calls.
func step(n *notifier) bool {
	used := currentSettings(n)
	if used == nil {
		return false
	}
	secrets, failure := readSecrets(n, used)
	item, sent := nextItem(n, used, secrets)
	if item == nil {
		return false
	}
	if sent.Stored {
		sent = loadFile(n, item, sent)
	}
	if sent == nil {
		return true
	}
	if !stillUses(n, used) {
		return true // others have come while a disk was waited for
	}
	outcome := failure
	if failure == nil {
		outcome = try(n, used, secrets, sent)
	}
	settle(n, used, item, outcome)
	return true
}

// currentSettings are the settings to work with; where there are none, the work has
// ended.
func currentSettings(n *notifier) *config.Settings {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed || n.settings == nil {
		n.working = false
		return nil
	}
	return n.settings
}

// stillUses tells whether the settings are those of now.
func stillUses(n *notifier, used *config.Settings) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	same := n.settings == used
	return same && !n.closed
}

// nextItem is what to try now, and a copy of its notice, which may change
// meanwhile; where there is nothing, the work has ended.
func nextItem(n *notifier, used *config.Settings, secrets *config.Secrets) (*schedule.Item, *outbox.Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := time.Now()
	if secrets != nil && secrets.Text != n.secrets {
		// The remedy may have come with a file.
		n.secrets = secrets.Text
		schedule.Hurry(n.schedule, now)
	}
	item, wait := schedule.Next(n.schedule, now)
	if item != nil {
		return item, copyOf(item.Notice)
	}
	n.working = false
	if wait > 0 {
		restFor(n, used, wait)
	}
	return nil, nil
}

// restFor rests for so long, or until a file may have changed.
func restFor(n *notifier, used *config.Settings, wait time.Duration) {
	if config.HasFiles(used) && wait > watchEvery {
		wait = watchEvery
	}
	rest(n, wait)
}

// try makes one try. A fault of our own is a failed one.
func try(n *notifier, used *config.Settings, secrets *config.Secrets, notice *outbox.Notice) *delivery.Outcome {
	// Named results are wrong in the interpreter, so the outcome is a
	// variable that the deferred function may leave as it is.
	outcome := &delivery.Outcome{
		Verdict: delivery.Aside,
		Alone:   true,
		Place:   "the receiver",
		Reason:  "a fault of the plugin.",
	}
	tryInto(n, outcome, used, secrets, notice)
	return outcome
}

func tryInto(n *notifier, outcome *delivery.Outcome, used *config.Settings, secrets *config.Secrets, notice *outbox.Notice) {
	defer func() { report(n, recover()) }()
	target := secrets.Target
	outcome.Place = target.Scheme + "://" + target.Host
	fields := openwebui.Complete(notice.Fields, notice.Accepted)
	request := sender.Request(used, secrets, notice.ID, fields, time.Now())
	made := delivery.Post(n.client, request)
	made.Place = outcome.Place
	*outcome = *made
}

// settle draws the conclusions from a try.
func settle(n *notifier, used *config.Settings, item *schedule.Item, outcome *delivery.Outcome) {
	done := conclude(n, used, item, outcome)
	for _, notice := range done {
		clearNotice(n, notice)
	}
}

// conclude returns the notices that are done: delivered, or given up.
func conclude(n *notifier, used *config.Settings, item *schedule.Item, outcome *delivery.Outcome) []*outbox.Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	if outcome.Verdict != delivery.Delivered && n.settings != used {
		return nil // of other settings, this try says nothing
	}
	now := time.Now()
	result := schedule.Done(n.schedule, item, outcome, now)
	done := []*outbox.Notice{}
	if result.Delivered {
		sayDelivered(n, item.Notice, outcome, result, now)
		finish(n, item.Notice)
		done = append(done, item.Notice)
	} else {
		done = fail(n, item, outcome, result, now)
	}
	if n.refusals.failures > 0 && schedule.Asides(n.schedule) == 0 {
		_ = ended(n.refusals, now) // without a word, where the last was given up
	}
	if schedule.Len(n.schedule) == 0 {
		sayRefused(n)
	}
	return done
}

// fail concludes a try that delivered nothing, and returns what is given up for
// it.
func fail(n *notifier, item *schedule.Item, outcome *delivery.Outcome, result *schedule.Result, now time.Time) []*outbox.Notice {
	done := []*outbox.Notice{}
	for _, old := range result.GivenUp {
		old.Notice.Failure = outcome.Reason
		done = append(done, old.Notice)
	}
	n.sayFailed(item, outcome, result, now)
	for _, notice := range done {
		finish(n, notice)
	}
	if item.Notice.Stored && !item.Notice.Done {
		lighten(n, item.Notice)
	}
	return done
}
