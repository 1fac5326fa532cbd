package signupwebhook

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
	"github.com/traefik-openwebui/signupwebhook/internal/sender"
	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

const (
	// drainFor is how long a middleware that is in no configuration any
	// more still sends: a container that restarts takes its labels along.
	drainFor = 10 * time.Minute
	// afterFault is the pause after a fault of our own.
	afterFault = time.Minute
	// watchEvery is how often a secret file is looked at during a pause
	// that its change would end.
	watchEvery = 5 * time.Second
)

// poster makes all tries.
var poster = delivery.NewClient(nil)

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
	n.say("signupwebhook: " + n.name + ": " + text)
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
	n.schedule.SetRetryFor(s.RetryFor)
	n.hurry()
}

// leave counts an instance off. The last one leaves some time to drain.
func (n *notifier) leave() {
	defer func() { n.report(recover()) }()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.instances--
	if n.instances == 0 {
		n.drained = time.AfterFunc(drainFor, n.vanish)
	}
}

func (n *notifier) vanish() {
	defer func() { n.report(recover()) }()
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
	n.stopTimer()
	n.stopScan()
	n.stopBookTimer()
	left := n.schedule.Len()
	if left > 0 {
		where := "; they are lost"
		if n.spool.folder != nil {
			where = fmt.Sprintf(" and stay in %s, but for %d that are lost", n.spool.folder.Path(), n.spool.unstored)
		}
		n.sayOf(fmt.Sprintf("the middleware is in no configuration any more; %d notices were not delivered%s", left, where))
	}
	return true
}

func (n *notifier) suspend() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.settings = nil
}

// accept takes over an event. It waits for the disk, a second at most, and
// for nothing else.
func (n *notifier) accept(event *openwebui.Event) {
	notice := n.admit(event)
	if notice == nil {
		return
	}
	if notice.Folder != nil {
		n.store(notice, n.marking(event))
	}
	n.enqueue(notice)
}

// admit makes a notice of an event, if it fits.
func (n *notifier) admit(event *openwebui.Event) *outbox.Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	notice := &outbox.Notice{
		ID:       delivery.WebhookID(n.name, event.ID),
		Fields:   n.fieldsOf(event),
		Accepted: event.Time,
	}
	if n.closed || n.isFull() {
		n.refuse(notice)
		return nil
	}
	n.admitted++
	n.enter(notice)
	return notice
}

// isFull tells whether no further notice fits. It is called with the lock held.
func (n *notifier) isFull() bool {
	limit := outbox.MaxInMemory
	if n.spool.folder != nil {
		limit = outbox.MaxOnDisk
	}
	return n.schedule.Len()+n.admitted >= limit || n.spool.unstored >= outbox.MaxInMemory
}

// refuse says that a notice is not taken. It is called with the lock held.
func (n *notifier) refuse(notice *outbox.Notice) {
	if n.closed {
		n.sayOf("notice " + notice.ID + " is not sent, since the middleware is in no configuration any more")
		return
	}
	count := n.full.Add()
	if count > 0 {
		n.sayOf(fmt.Sprintf("%d notices wait, and no more fit; %d so far were not taken and will not be delivered", n.schedule.Len(), count))
	}
}

func (n *notifier) enqueue(notice *outbox.Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.admitted--
	n.schedule.Add(notice)
	n.nudge()
}

// fieldsOf gives the values that the message uses, and no others: what is not
// sent need not be kept. The word for an event is nobody's secret, and kept
// where Complete could not know it. It is called with the lock held, as are all
// that follow up to nudge.
func (n *notifier) fieldsOf(event *openwebui.Event) map[string]string {
	values := event.Values()
	if n.settings == nil {
		return values
	}
	used := map[string]string{}
	for _, field := range n.settings.Uses() {
		used[field] = values[field]
	}
	if event.Type != openwebui.DefaultEvent {
		used["event"] = event.Type
	}
	return used
}

// start sets the worker going, unless it is or a timer will.
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
	if item.Notice.Stored && !item.Notice.Done && n.schedule.Len() > outbox.MaxInMemory {
		item.Notice.Fields = nil // it is read again when it is its turn
	}
	if n.schedule.Len() == 0 {
		n.full.Reset()
	}
	return done
}

// sayDelivered tells the curious of each delivery, and everybody of the end of
// an outage.
func (n *notifier) sayDelivered(notice *outbox.Notice, outcome *delivery.Outcome, result *schedule.Result, now time.Time) {
	n.note(fmt.Sprintf("signupwebhook: %s: notice %s was delivered to %s (%d)", n.name, notice.ID, outcome.Place, outcome.Status))
	n.sayEnd(n.outage, now)
	if result.Aside && n.schedule.Asides() == 0 {
		n.sayEnd(n.refusals, now)
	}
}

func (n *notifier) sayEnd(o *outage, now time.Time) {
	lost := o.lost
	lasted := o.ended(now)
	if lasted == 0 {
		return
	}
	line := fmt.Sprintf("delivered again after %s, %d waiting", rounded(lasted), n.schedule.Len())
	if lost > 0 {
		line = line + fmt.Sprintf("; %d were given up meanwhile", lost)
	}
	n.sayOf(line)
}

// sayFailed says what happened, what to check, and what comes next.
func (n *notifier) sayFailed(item *schedule.Item, outcome *delivery.Outcome, result *schedule.Result, now time.Time) {
	line := fmt.Sprintf("notice %s was not delivered to %s: %s", item.Notice.ID, outcome.Place, outcome.Reason)
	failing := n.outage
	if result.Aside && !result.Hold {
		failing = n.refusals
	}
	for _, old := range result.GivenUp {
		n.note("signupwebhook: " + n.name + ": notice " + old.Notice.ID + " is given up")
		count := failing.gaveUp()
		if count > 0 {
			n.sayOf(fmt.Sprintf("notice %s is given up after %d tries; %d so far in this outage. The last: %s", old.Notice.ID, old.Tries, count, outcome.Reason))
		}
	}
	isNews := failing.failed(outcome.Reason, now)
	if !isNews && !result.Began || item.Notice.Failure != "" {
		return
	}
	next := fmt.Sprintf("The next try is in %s", rounded(result.Wait))
	switch {
	case result.Silent:
		next = "Requests go out whole and are never answered, so they may all have arrived: does the receiver lack an answer, such as a flow without a response node? " + next
	case result.Hold:
		next = "Everything waits. " + next + ", and at once when the configuration changes"
	case result.Aside:
		next = "It steps aside for the others and is tried again later"
	}
	n.sayOf(fmt.Sprintf("%s Failure %d, %d waiting. %s.", line, failing.failures, n.schedule.Len(), next))
}

func rounded(wait time.Duration) time.Duration {
	if wait < time.Minute {
		return wait.Round(time.Millisecond)
	}
	return wait.Round(time.Second)
}

// report logs what recover returned: a panic that goes on would end Traefik.
// It tells whether there was one.
func (n *notifier) report(r interface{}) bool {
	if r == nil {
		return false
	}
	n.sayOf("a fault of the plugin: " + fmt.Sprint(r))
	return true
}

// readSecrets returns what stands in files, or how a try without it ends. It
// does not wait longer than a second for a disk that hangs.
func (n *notifier) readSecrets(used *config.Settings) (*config.Secrets, *delivery.Outcome) {
	if !used.HasFiles() {
		secrets, err := used.Read()
		return secrets, unreadable(err)
	}
	found := &secretsFound{}
	err := n.files.Do(func() error { return found.read(used) }, func(_ error) {})
	if errors.Is(err, outbox.ErrSlow) || errors.Is(err, outbox.ErrHanging) {
		err = errors.New("webhookURLFile or secretFile: " + err.Error())
	}
	if err != nil {
		return nil, unreadable(err) // and it may yet write what it found
	}
	return found.secrets, nil
}

// secretsFound is what a read has found, perhaps after nobody waits any more.
type secretsFound struct {
	secrets *config.Secrets
}

func (f *secretsFound) read(used *config.Settings) error {
	secrets, err := used.Read()
	f.secrets = secrets
	return err
}

// unreadable is the outcome of a try that lacks a file; nil without an error.
func unreadable(err error) *delivery.Outcome {
	if err == nil {
		return nil
	}
	return &delivery.Outcome{
		Verdict: delivery.Later,
		Unsent:  true,
		Place:   "the receiver",
		Reason:  err.Error() + ". Check the file.",
	}
}
