package signupwebhook

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

const (
	// retryFor is how long a notice is tried before it is given up.
	retryFor = 72 * time.Hour
	// drainFor is how long a middleware that is in no configuration any
	// more still sends: a container that restarts takes its labels along.
	drainFor = 10 * time.Minute
	// probeEvery is how often a new notice may be tried while others are
	// refused: a name that no receiver takes must not silence the rest.
	probeEvery = time.Minute
	// afterFault is the pause after a fault of our own.
	afterFault = time.Minute
	// maxURLFile bounds what is read of a webhookURLFile.
	maxURLFile = 64 << 10
)

// poster makes all tries.
var poster = delivery.NewClient(nil)

// notifiers are those of this process. Traefik builds all middlewares anew
// when anything in its configuration changes; the interpreter's package
// variables stay, and with them what waits.
var notifiers = newRegistry()

// registry finds the notifier of a middleware's name, which is unique.
type registry struct {
	mu     *sync.Mutex
	byName map[string]*notifier
	silent map[string]bool // names without a URL, so that each is logged once
}

func newRegistry() *registry {
	return &registry{mu: &sync.Mutex{}, byName: map[string]*notifier{}, silent: map[string]bool{}}
}

// join returns the notifier of that name with new settings, until ctx ends.
func (r *registry) join(ctx context.Context, name string, s *settings) *notifier {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.silent, name)
	n := r.byName[name]
	if n == nil {
		n = newNotifier(name, poster)
		n.forget = r.forget
		r.byName[name] = n
	}
	n.join(s)
	context.AfterFunc(ctx, n.leave)
	return n
}

// suspend stops the sending of a middleware that has lost its URL; what waits
// goes on waiting. It tells whether this is news.
func (r *registry) suspend(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.byName[name]
	if n != nil {
		n.suspend()
	}
	known := r.silent[name]
	r.silent[name] = true
	return !known
}

// forget removes a notifier whose time to drain is over, unless it has come
// back by now.
func (r *registry) forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.byName[name]
	if n != nil && n.close() {
		delete(r.byName, name)
	}
}

// notifier delivers what one middleware announces: one queue, and while there
// is something to do, one goroutine. Between two tries there is only a timer.
type notifier struct {
	name   string
	client *http.Client
	say    func(line string) // to the administrator
	note   func(line string) // to whoever looks for a fault
	forget func(name string)
	still  bool // no timer may fire: this is the rehearsal's

	mu       *sync.Mutex
	settings *settings // nil while there is no URL
	waiting  *outbox.Memory
	full     *tally.Tally // notices that did not fit

	working bool        // a goroutine makes tries
	timer   *time.Timer // until it goes on; nil if none is set

	failures int       // tries in a row
	since    time.Time // the first of them
	reason   string    // of the last of them
	refusing bool      // the last of them may be about its notice alone
	resume   time.Time // no try before
	probed   time.Time // when a new notice was last tried all the same

	instances int         // of the middleware in Traefik's configuration
	drained   *time.Timer // ends the draining; nil while there are instances
	closed    bool
}

func newNotifier(name string, client *http.Client) *notifier {
	return &notifier{
		name:    name,
		client:  client,
		say:     sayToLog,
		note:    noteToLog,
		mu:      &sync.Mutex{},
		waiting: outbox.NewMemory(),
		full:    tally.New(),
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

// join counts an instance and takes its settings. Other settings than before
// may be the remedy, so a waiting notice is tried at once.
func (n *notifier) join(s *settings) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.instances++
	if n.drained != nil {
		n.drained.Stop()
		n.drained = nil
	}
	if n.settings != nil && n.settings.fingerprint == s.fingerprint {
		return
	}
	n.settings = s
	if len(s.unknown) > 0 {
		n.say(fmt.Sprintf("signupwebhook: %s: no option has the name %s; it is ignored", n.name, strings.Join(s.unknown, ", ")))
	}
	n.failures = 0
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
	if n.timer != nil {
		n.timer.Stop()
	}
	left := n.waiting.Len()
	if left > 0 {
		n.say(fmt.Sprintf("signupwebhook: %s: the middleware is in no configuration any more; %d notices were not delivered", n.name, left))
	}
	return true
}

func (n *notifier) suspend() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.settings = nil
}

// accept takes over an event. It does not wait for anything.
func (n *notifier) accept(event *openwebui.Event) {
	notice := &outbox.Notice{
		ID:       webhookID(n.name, event.ID),
		Fields:   event.Values(),
		Accepted: event.Time,
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		n.say(fmt.Sprintf("signupwebhook: %s: notice %s is not sent, since the middleware is in no configuration any more", n.name, notice.ID))
		return
	}
	err := n.waiting.Add(notice)
	if err != nil {
		count := n.full.Add()
		if count > 0 {
			n.say(fmt.Sprintf("signupwebhook: %s: %d notices wait, and no more fit; %d so far were not taken and will not be delivered", n.name, outbox.MaxInMemory, count))
		}
		return
	}
	if n.refusing && time.Since(n.probed) >= probeEvery {
		n.probed = time.Now()
		n.hurry()
		return
	}
	n.start()
}

// start sets the worker going, unless it is or a timer will. It is called
// with the lock held, as are all that follow and say nothing else.
func (n *notifier) start() {
	if n.working || n.closed || n.timer != nil || n.settings == nil || n.waiting.Len() == 0 {
		return
	}
	n.working = true
	go n.work()
}

// hurry ends the pause after a failure.
func (n *notifier) hurry() {
	n.resume = time.Time{}
	if n.timer != nil && n.timer.Stop() {
		n.timer = nil
	}
	n.start()
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
// lock.
func (n *notifier) step() bool {
	n.mu.Lock()
	notice := n.next()
	used := n.settings
	n.mu.Unlock()
	if notice == nil {
		return false
	}

	outcome := n.try(used, notice)
	n.settle(used, notice, outcome)
	return true
}

// settle draws the conclusions from a try. It is called without the lock.
func (n *notifier) settle(used *settings, notice *outbox.Notice, outcome *delivery.Outcome) {
	n.mu.Lock()
	defer n.mu.Unlock()
	notice.Tries++
	if outcome.Verdict == delivery.Delivered {
		n.delivered(notice, outcome)
		return
	}
	if n.settings == used { // of other settings, this try says nothing
		n.failed(notice, outcome)
	}
}

// next is the notice to try now; where there is none, the work has ended.
func (n *notifier) next() *outbox.Notice {
	n.working = false
	if n.closed || n.settings == nil {
		return nil
	}
	now := time.Now()
	pause := n.resume.Sub(now)
	if pause > 0 {
		n.rest(pause)
		return nil
	}
	notice, wait := n.waiting.Next(now)
	if notice == nil {
		if wait > 0 {
			n.rest(wait)
		}
		return nil
	}
	n.working = true
	return notice
}

// delivered ends a notice, and perhaps an outage.
func (n *notifier) delivered(notice *outbox.Notice, outcome *delivery.Outcome) {
	n.waiting.Remove(notice)
	n.note(fmt.Sprintf("signupwebhook: %s: notice %s was delivered to %s (%d)", n.name, notice.ID, outcome.Place, outcome.Status))
	if n.failures > 0 {
		n.say(fmt.Sprintf("signupwebhook: %s: delivered again after %s, %d waiting", n.name, time.Since(n.since).Round(time.Second), n.waiting.Len()))
	}
	n.failures = 0
	n.reason = ""
	n.refusing = false
}

// failed says what to check, and when to go on. What may be about the notice
// alone lets the others go first.
func (n *notifier) failed(notice *outbox.Notice, outcome *delivery.Outcome) {
	n.failures++
	if n.failures == 1 {
		n.since = time.Now()
	}
	n.refusing = outcome.Verdict == delivery.Refused
	wait := delivery.Backoff(n.failures, outcome.Wait)
	n.resume = time.Now().Add(wait)
	if n.refusing {
		notice.Refusals++
		notice.NotBefore = time.Now().Add(delivery.Backoff(notice.Refusals, 0))
	}

	line := fmt.Sprintf("signupwebhook: %s: notice %s was not delivered to %s: %s", n.name, notice.ID, outcome.Place, outcome.Reason)
	if time.Since(notice.Accepted) > retryFor {
		n.waiting.Remove(notice)
		n.say(fmt.Sprintf("%s It is given up after %d tries.", line, notice.Tries))
		return
	}
	// The first time, and then at growing distance or for another reason.
	if powerOfTwo(n.failures) || outcome.Reason != n.reason {
		n.say(fmt.Sprintf("%s Failure %d in a row, %d waiting, next try in %s.", line, n.failures, n.waiting.Len(), wait.Round(time.Millisecond)))
	}
	n.reason = outcome.Reason
}

func powerOfTwo(count int) bool {
	return count&(count-1) == 0
}

// try makes one try. A fault of our own is a failed one.
func (n *notifier) try(used *settings, notice *outbox.Notice) *delivery.Outcome {
	// Named results are wrong in the interpreter, so the outcome is a
	// variable that the deferred function may change.
	outcome := &delivery.Outcome{
		Verdict: delivery.Refused,
		Place:   "the receiver",
		Reason:  "a fault of the plugin.",
	}
	n.tryInto(outcome, used, notice)
	return outcome
}

func (n *notifier) tryInto(outcome *delivery.Outcome, used *settings, notice *outbox.Notice) {
	defer func() { n.report(recover()) }()
	target, err := used.target()
	if err != nil {
		outcome.Verdict = delivery.Later
		outcome.Place = "the URL in webhookURLFile"
		outcome.Reason = err.Error() + ". Check the file."
		return
	}
	outcome.Place = target.Scheme + "://" + target.Host
	body := receiver.Encode(used.format, target, used.text, notice.Fields)
	header := used.header.Clone()
	setDefault(header, "Content-Type", body.ContentType)
	setDefault(header, "User-Agent", body.UserAgent)
	header.Set("Webhook-Id", notice.ID)
	header.Set("Webhook-Timestamp", strconv.FormatInt(time.Now().Unix(), 10))
	made := delivery.Post(n.client, target, header, body.Data, used.timeout)
	// Field by field: `*outcome = *made` is lost in the interpreter.
	outcome.Verdict = made.Verdict
	outcome.Status = made.Status
	outcome.Wait = made.Wait
	outcome.Reason = made.Reason
}

func setDefault(header http.Header, key, value string) {
	if header.Get(key) == "" {
		header.Set(key, value)
	}
}

// report logs what recover returned: a panic that goes on would end Traefik.
// It tells whether there was one. In the interpreter recover works in a
// function literal alone, so each goroutine has one of its own.
func (n *notifier) report(r interface{}) bool {
	if r == nil {
		return false
	}
	n.say(fmt.Sprintf("signupwebhook: %s: a fault of the plugin: %s", n.name, fmt.Sprint(r)))
	return true
}

// target is where to post to now.
func (s *settings) target() (*url.URL, error) {
	if s.urlFile == "" {
		return s.url, nil
	}
	address, err := readStart(s.urlFile, maxURLFile)
	if err != nil {
		return nil, fmt.Errorf("webhookURLFile: %w", err)
	}
	target, problem := parseURL(strings.TrimSpace(address))
	if problem != "" {
		return nil, errors.New("webhookURLFile: " + problem)
	}
	return target, nil
}

// webhookID names a notice by the middleware and the account, so that a
// second one of the same account can be told by its receiver. Without an id
// of the account it is random. It has no dot, which Standard Webhooks forbids.
func webhookID(name, account string) string {
	if account == "" {
		bits := make([]byte, 16)
		_, _ = rand.Read(bits) // never fails on the systems that Go supports
		return "msg_" + hex.EncodeToString(bits)
	}
	sum := sha256.Sum256([]byte(name + "\n" + account))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// readStart reads a file that should be small.
func readStart(path string, max int64) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, max))
	return string(data), err
}
