package signupwebhook

// What is said of it all, and to whom.

import (
	"fmt"
	"log"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// sayToLog writes what an administrator must see: Traefik shows it as ERROR.
func sayToLog(line string) {
	log.Print(line)
}

// noteToLog writes what Traefik shows as DEBUG.
func noteToLog(line string) {
	fmt.Println(line)
}

// sayOf says something of this middleware to the administrator.
func (n *notifier) sayOf(text string) {
	n.say(lineOf(n, text))
}

// noteOf says something of it to whoever looks for a fault.
func noteOf(n *notifier, text string) {
	n.note(lineOf(n, text))
}

func lineOf(n *notifier, text string) string {
	return "signupwebhook: " + n.name + ": " + text
}

// sayDelivered tells the curious of each delivery, and everybody of the end of
// an outage.
func sayDelivered(n *notifier, notice *outbox.Notice, outcome *delivery.Outcome, result *schedule.Result, now time.Time) {
	noteOf(n, fmt.Sprintf("notice %s was delivered to %s (%d)", notice.ID, outcome.Place, outcome.Status))
	if n.outage.failures > 0 {
		sayEnd(n, n.outage, now)
	}
	if result.Aside && schedule.Asides(n.schedule) == 0 {
		sayEnd(n, n.refusals, now)
	}
}

// sayEnd says that an outage is over, if there was one.
func sayEnd(n *notifier, o *outage, now time.Time) {
	lost := o.lost
	lasted := ended(o, now)
	if lasted == 0 {
		return
	}
	line := fmt.Sprintf("delivered again after %s, %d waiting", rounded(lasted), schedule.Len(n.schedule))
	if lost > 0 {
		line = line + fmt.Sprintf("; %d were given up meanwhile", lost)
	}
	n.sayOf(line)
}

// sayFailed says what happened, what to check, and what comes next.
func (n *notifier) sayFailed(item *schedule.Item, outcome *delivery.Outcome, result *schedule.Result, now time.Time) {
	failing := n.outage
	if result.Aside && !result.Hold {
		failing = n.refusals
	}
	for _, old := range result.GivenUp {
		n.sayGivenUp(old, outcome, failing)
	}
	isNews := failed(failing, outcome.Reason, now)
	if !isNews && !result.Began || item.Notice.Failure != "" {
		return
	}
	n.sayOf(fmt.Sprintf("notice %s was not delivered to %s: %s Failure %d, %d waiting. %s.", item.Notice.ID, outcome.Place, outcome.Reason, failing.failures, schedule.Len(n.schedule), whatIsNext(result)))
}

// sayGivenUp tells the curious of each that is given up, and everybody of their
// number.
func (n *notifier) sayGivenUp(old *schedule.Item, outcome *delivery.Outcome, failing *outage) {
	noteOf(n, "notice "+old.Notice.ID+" is given up")
	count := gaveUp(failing)
	if count > 0 {
		n.sayOf(fmt.Sprintf("notice %s is given up after %d tries; %d so far in this outage. The last: %s", old.Notice.ID, old.Tries, count, outcome.Reason))
	}
}

// whatIsNext says what comes after a failure.
func whatIsNext(result *schedule.Result) string {
	next := fmt.Sprintf("The next try is in %s", rounded(result.Wait))
	switch {
	case result.Silent:
		return "Requests go out whole and are never answered, so they may all have arrived: does the receiver lack an answer, such as a flow without a response node? " + next
	case result.Hold:
		return "Everything waits. " + next + ", and at once when the configuration changes"
	case result.Aside:
		return "It steps aside for the others and is tried again later"
	}
	return next
}

// rounded is a time as people read it.
func rounded(wait time.Duration) time.Duration {
	if wait < time.Minute {
		return wait.Round(time.Millisecond)
	}
	return wait.Round(time.Second)
}

// report logs what recover returned: a panic that goes on would end Traefik.
// It tells whether there was one.
func report(n *notifier, r interface{}) bool {
	if r == nil {
		return false
	}
	n.sayOf("a fault of the plugin: " + fmt.Sprint(r))
	return true
}

// The kinds of faults of a disk, each of which is counted by itself.
const (
	storing   = "storing"
	reads     = "reading"
	clearing  = "clearing"
	searching = "searching"
	// remembering is that of who was seen.
	remembering = "remembering"
)

// sayFault says what the disk does not do. It is called with the lock held.
func (n *notifier) sayFault(kind, what string, err error) {
	faults := n.spool.faults[kind]
	if faults == nil {
		faults = tally.New()
		n.spool.faults[kind] = faults
	}
	count := tally.Add(faults)
	if count == 0 {
		return
	}
	where := ""
	if n.spool.folder != nil {
		where = outbox.Path(n.spool.folder) + ": "
	}
	n.sayOf(fmt.Sprintf("%s: %s%s (%d such faults so far). Check the folder of stateDir: its disk, its rights, its free space", what, where, err, count))
}

// sayTrimmed counts what was removed from failed/. It is called with the lock
// held.
func sayTrimmed(n *notifier, folder *outbox.Folder) {
	due := 0
	for left := outbox.Trimmed(folder); left > 0; left-- {
		count := tally.Add(n.spool.trimmed)
		if count > 0 {
			due = count
		}
	}
	if due > 0 {
		n.sayOf(fmt.Sprintf("failed/ keeps %d notices, and for 30 days; %d that were given up so far, the oldest, are removed from it", outbox.MaxFailed, due))
	}
}

// healed makes the next fault of a kind news again. It is called with the lock
// held.
func healed(n *notifier, kind string) {
	delete(n.spool.faults, kind)
}
