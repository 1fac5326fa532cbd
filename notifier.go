package signupwebhook

// What one middleware announces: how it comes and goes with Traefik's
// configuration, and how an event becomes a notice that waits.

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// drainFor is how long a middleware that is in no configuration any more still
// sends: a container that restarts takes its labels along.
const drainFor = 10 * time.Minute

// notifier delivers what one middleware announces: one schedule, and while
// there is something to do, one goroutine. Between two tries there is only a
// timer.
type notifier struct {
	name   string
	client *http.Client
	fs     outbox.FS
	say    func(line string) // to the administrator
	note   func(line string) // to whoever looks for a fault
	forget func(name string)
	still  bool // no timer may fire: this is the rehearsal's

	mu       *sync.Mutex
	settings *config.Settings // nil while there is no URL
	schedule *schedule.Schedule
	working  bool        // a goroutine makes tries
	timer    *time.Timer // until it goes on; nil if none is set
	outage   *outage     // of the receiver: ends with the next delivery
	refusals *outage     // while it takes others: ends when nothing stands aside
	spool    *spool
	guests   *guests          // who may have been seen before
	admitted int              // notices that are being stored
	full     *tally.Tally     // notices that did not fit
	disk     *outbox.Patience // with the outbox
	files    *outbox.Patience // with the files of secrets
	secrets  string           // what the last try read from them

	instances int         // of the middleware in Traefik's configuration
	drained   *time.Timer // ends the draining; nil while there are instances
	closed    bool
}

func newNotifier(name string, client *http.Client, fs outbox.FS) *notifier {
	return &notifier{
		name:     name,
		client:   client,
		fs:       fs,
		say:      sayToLog,
		note:     noteToLog,
		mu:       &sync.Mutex{},
		schedule: schedule.New(config.DefaultRetryFor),
		outage:   newOutage(),
		refusals: newOutage(),
		spool:    newSpool(),
		guests:   newGuests(),
		full:     tally.New(),
		disk:     outbox.NewPatience(),
		files:    outbox.NewPatience(),
	}
}

// join counts an instance and takes its settings. Other settings than before
// may be the remedy, so what waits is tried at once, and what was given up
// once more.
func (n *notifier) join(s *config.Settings) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.instances++
	if n.drained != nil {
		n.drained.Stop()
		n.drained = nil
	}
	if n.settings != nil && n.settings.Fingerprint == s.Fingerprint {
		return
	}
	if len(s.Unknown) > 0 {
		n.sayOf("no option has the name " + strings.Join(s.Unknown, ", ") + "; it is ignored")
	}
	n.reopen(s.StateDir, n.settings != nil || n.spool.folder != nil)
	n.reopenBook(s)
	n.settings = s
	schedule.SetRetryFor(n.schedule, s.RetryFor)
	hurry(n)
}

// leave counts an instance off. The last one leaves some time to drain.
func (n *notifier) leave() {
	defer func() { report(n, recover()) }()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.instances--
	if n.instances == 0 {
		n.drained = time.AfterFunc(drainFor, n.vanish)
	}
}

// vanish is called by the timer when the time to drain is over.
func (n *notifier) vanish() {
	defer func() { report(n, recover()) }()
	n.forget(n.name)
}

// close ends a notifier without instances. It tells whether it did.
func (n *notifier) close() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.instances > 0 {
		return false
	}
	n.closed = true
	stopTimer(n)
	n.stopScan()
	n.stopBookTimer()
	left := schedule.Len(n.schedule)
	if left > 0 {
		where := "; they are lost"
		if n.spool.folder != nil {
			where = fmt.Sprintf(" and stay in %s, but for %d that are lost", outbox.Path(n.spool.folder), n.spool.unstored)
		}
		n.sayOf(fmt.Sprintf("the middleware is in no configuration any more; %d notices were not delivered%s", left, where))
	}
	return true
}

// suspend stops the sending until there are settings again.
func (n *notifier) suspend() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.settings = nil
}

// accept takes over an event. It waits for the disk, a second at most, and
// for nothing else.
func accept(n *notifier, event *openwebui.Event) {
	notice := admit(n, event)
	if notice == nil {
		return
	}
	if notice.Folder != nil && !store(n, notice, marking(n, event)) {
		return
	}
	enqueue(n, notice)
}

// admit makes a notice of an event, if it fits.
func admit(n *notifier, event *openwebui.Event) *outbox.Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	notice := &outbox.Notice{
		ID:       delivery.WebhookID(n.name, event.ID),
		Fields:   fieldsOf(n, event),
		Accepted: event.Time,
	}
	if n.closed || isFull(n) {
		n.refuse(notice)
		return nil
	}
	n.admitted++
	enter(n, notice)
	return notice
}

// isFull tells whether no further notice fits. It is called with the lock held.
func isFull(n *notifier) bool {
	limit := outbox.MaxInMemory
	if n.spool.folder != nil {
		limit = outbox.MaxOnDisk
	}
	return schedule.Len(n.schedule)+n.admitted >= limit
}

// refuse says that a notice is not taken. It is called with the lock held.
func (n *notifier) refuse(notice *outbox.Notice) {
	if n.closed {
		n.sayOf("notice " + notice.ID + " is not sent, since the middleware is in no configuration any more")
		return
	}
	count := tally.Add(n.full)
	if count > 0 {
		n.sayOf(fmt.Sprintf("%d notices wait, and no more fit; %d so far were not taken and will not be delivered", schedule.Len(n.schedule), count))
	}
}

// sayRefused says how many were not taken in all, where that was not said yet:
// nothing waits any more, so there is room again. It is called with the lock
// held.
func sayRefused(n *notifier) {
	count := tally.Reset(n.full)
	if count > 0 {
		n.sayOf(fmt.Sprintf("there is room again; %d notices were not taken meanwhile and will not be delivered", count))
	}
}

// enqueue puts an admitted notice into the schedule.
func enqueue(n *notifier, notice *outbox.Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.admitted--
	schedule.Add(n.schedule, notice)
	nudge(n)
}

// fieldsOf gives the values that the message uses, and no others: what is not
// sent need not be kept. The word for an event is nobody's secret, and kept
// where Complete could not know it. It is called with the lock held.
func fieldsOf(n *notifier, event *openwebui.Event) map[string]string {
	uses := openwebui.Fields()
	if n.settings != nil {
		uses = n.settings.Uses
	}
	values := openwebui.Values(event, uses)
	if event.Type != openwebui.DefaultEvent {
		values["event"] = event.Type
	}
	return values
}
