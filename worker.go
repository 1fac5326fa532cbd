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

// start sets the worker going, unless it is or a timer will. It is called with
// the lock held, as are hurry, stopTimer, rest and nudge.
func (n *notifier) start() {
	if n.working || n.closed || n.timer != nil || n.settings == nil || n.schedule.Len() == 0 {
		return
	}
	n.working = true
	go n.work()
}

// hurry ends the pause after a failure.
func (n *notifier) hurry() {
	n.schedule.Hurry(time.Now())
	n.stopTimer()
	n.start()
}

// stopTimer takes the timer back, unless it is waking the worker just now.
func (n *notifier) stopTimer() {
	if n.timer != nil && n.timer.Stop() {
		n.timer = nil
	}
}

// rest ends the work until a timer wakes it.
func (n *notifier) rest(wait time.Duration) {
	n.working = false
	if n.still {
		wait = time.Hour
	}
	n.timer = time.AfterFunc(wait, n.wake)
}

// wake is called by the timer, without the lock.
func (n *notifier) wake() {
	defer func() { n.report(recover()) }()
	n.mu.Lock()
	n.timer = nil
	n.start()
	n.mu.Unlock()
}

// nudge lets the worker look whether something is due: a new notice may be,
// although a timer is set for the others.
func (n *notifier) nudge() {
	n.stopTimer()
	n.start()
}

// work makes tries until nothing is left to do now. It is called without the
// lock.
func (n *notifier) work() {
	defer func() {
		if n.report(recover()) {
			n.mu.Lock()
			n.rest(afterFault)
			n.mu.Unlock()
		}
	}()
	for n.step() {
	}
}

// step makes one try and tells whether to go on. It is called without the
// lock, as is what it calls.
func (n *notifier) step() bool {
	used := n.current()
	if used == nil {
		return false
	}
	secrets, failure := n.readSecrets(used)
	item := n.next(used, secrets)
	if item == nil {
		return false
	}
	sent := n.load(item)
	if sent == nil {
		return true
	}
	if !n.stillUses(used) {
		return true // others have come while a disk was waited for
	}
	outcome := failure
	if failure == nil {
		outcome = n.try(used, secrets, sent)
	}
	n.settle(used, item, outcome)
	return true
}

// current are the settings to work with; where there are none, the work has
// ended.
func (n *notifier) current() *config.Settings {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed || n.settings == nil {
		n.working = false
		return nil
	}
	return n.settings
}

// stillUses tells whether the settings are those of now.
func (n *notifier) stillUses(used *config.Settings) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	same := n.settings == used
	return same && !n.closed
}

// next is what to try now; where there is nothing, the work has ended.
func (n *notifier) next(used *config.Settings, secrets *config.Secrets) *schedule.Item {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := time.Now()
	if secrets != nil && secrets.Text != n.secrets {
		// The remedy may have come with a file.
		n.secrets = secrets.Text
		n.schedule.Hurry(now)
	}
	item, wait := n.schedule.Next(now)
	if item != nil {
		return item
	}
	n.working = false
	if wait > 0 {
		if used.HasFiles() && wait > watchEvery {
			wait = watchEvery
		}
		n.rest(wait)
	}
	return nil
}

// try makes one try. A fault of our own is a failed one.
func (n *notifier) try(used *config.Settings, secrets *config.Secrets, notice *outbox.Notice) *delivery.Outcome {
	// Named results are wrong in the interpreter, so the outcome is a
	// variable that the deferred function may leave as it is.
	outcome := &delivery.Outcome{
		Verdict: delivery.Aside,
		Alone:   true,
		Place:   "the receiver",
		Reason:  "a fault of the plugin.",
	}
	n.tryInto(outcome, used, secrets, notice)
	return outcome
}

func (n *notifier) tryInto(outcome *delivery.Outcome, used *config.Settings, secrets *config.Secrets, notice *outbox.Notice) {
	defer func() { n.report(recover()) }()
	target := secrets.Target
	outcome.Place = target.Scheme + "://" + target.Host
	fields := openwebui.Complete(notice.Fields, notice.Accepted)
	request := sender.Request(used, secrets, notice.ID, fields, time.Now())
	made := delivery.Post(n.client, request)
	made.Place = outcome.Place
	*outcome = *made
}

// settle draws the conclusions from a try.
func (n *notifier) settle(used *config.Settings, item *schedule.Item, outcome *delivery.Outcome) {
	done := n.conclude(used, item, outcome)
	for _, notice := range done {
		n.clear(notice)
	}
}

// conclude returns the notices that are done: delivered, or given up.
func (n *notifier) conclude(used *config.Settings, item *schedule.Item, outcome *delivery.Outcome) []*outbox.Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	if outcome.Verdict != delivery.Delivered && n.settings != used {
		return nil // of other settings, this try says nothing
	}
	now := time.Now()
	done := []*outbox.Notice{}
	result := n.schedule.Done(item, outcome, now)
	if result.Delivered {
		n.sayDelivered(item.Notice, outcome, result, now)
		done = append(done, item.Notice)
	}
	for _, old := range result.GivenUp {
		old.Notice.Failure = outcome.Reason
		done = append(done, old.Notice)
	}
	if !result.Delivered {
		n.sayFailed(item, outcome, result, now)
	}
	if n.schedule.Asides() == 0 {
		n.refusals.ended(now) // without a word, where the last was given up
	}
	for _, notice := range done {
		n.finish(notice)
	}
	if item.Notice.Stored && !item.Notice.Done {
		n.lighten(item.Notice)
	}
	if n.schedule.Len() == 0 {
		n.sayRefused()
	}
	return done
}
