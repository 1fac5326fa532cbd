package signupwebhook

// The event first-seen: accounts looked for among those that were seen before,
// beside the requests and the worker.

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/seen"
	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// maxGuests bounds those who wait to be looked for on the disk: of sign-ups, and
// of all others.
const maxGuests = 1000

// guests is a notifier's side of who was seen before: those who are not among
// the recent ones are looked for on the disk, one after the other. It is guarded
// by the notifier's lock, and no disk is waited for while that is held.
type guests struct {
	book    *seen.Book       // nil without the event first-seen
	signUps *line            // which wait for nobody else, nor long for the disk: who is let go does not come again as one
	others  *line            // who sign in
	disk    *outbox.Patience // of sign-ups
	opening bool             // the book is to be looked at, by the goroutine of the others
	owed    []*seen.Account  // announced, and to be marked when the disk can
	timer   *time.Timer
	full    *tally.Tally // those for whom there was no room
}

// line are those who wait.
type line struct {
	events  []*openwebui.Event
	working bool // a goroutine looks for them
}

func newGuests() *guests {
	return &guests{signUps: &line{}, others: &line{}, disk: outbox.NewPatience(), full: tally.New()}
}

// reopenBook takes the settings for who was seen. It is called with the lock
// held and touches no disk: a goroutine does.
func (n *notifier) reopenBook(s *config.Settings) {
	n.stopBookTimer()
	if !s.Watches(openwebui.FirstSeen) || n.spool.folder == nil {
		n.guests.book = nil
		n.guests.signUps.events = nil
		n.guests.others.events = nil
		return
	}
	path := filepath.Join(outbox.Path(n.spool.folder), "seen")
	if n.guests.book == nil || n.guests.book.Path() != path {
		n.guests.book = seen.NewBook(path, n.fs)
		if n.still {
			n.guests.book.Narrow()
		}
	}
	n.guests.book.LearnFor(s.LearnFor)
	n.openBook()
}

// openBook has the book looked at. It is called with the lock held.
func (n *notifier) openBook() {
	n.guests.opening = true
	n.startGuests(n.guests.others)
}

// startGuests is called with the lock held.
func (n *notifier) startGuests(waiting *line) {
	if waiting.working || n.closed {
		return
	}
	waiting.working = true
	go n.receive(waiting)
}

// stopBookTimer is called with the lock held.
func (n *notifier) stopBookTimer() {
	if n.guests.timer != nil {
		n.guests.timer.Stop()
		n.guests.timer = nil
	}
}

// see takes an event of somebody who may have been seen before. It waits for
// nothing, a disk least of all: a page load ends with it.
func see(n *notifier, event *openwebui.Event) {
	if !event.Made && knows(n, event.ID) { // whose id had to be cleaned
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.guests.book == nil {
		return
	}
	waiting := n.guests.others
	if event.Made {
		waiting = n.guests.signUps
	}
	if len(waiting.events) >= maxGuests {
		count := tally.Add(n.guests.full)
		if count > 0 {
			n.sayOf(fmt.Sprintf("%d who signed in wait for the disk, and no more do; %d so far were let go and are looked for when they come again", maxGuests, count))
		}
		return
	}
	waiting.events = append(waiting.events, event)
	n.startGuests(waiting)
}

// knows tells whether an account was seen lately. It asks no disk.
func knows(n *notifier, id string) bool {
	book := bookOf(n)
	return book != nil && seen.Knows(book, id)
}

// bookOf is what remembers accounts; nil without the event first-seen.
func bookOf(n *notifier) *seen.Book {
	n.mu.Lock()
	defer n.mu.Unlock()
	book := n.guests.book
	return book
}

// receive looks for all who wait in a line. It is a goroutine of which there is
// one at a time for each, and like all that follows it is called without the
// lock.
func (n *notifier) receive(waiting *line) {
	defer func() {
		if report(n, recover()) {
			n.receiveAgain(waiting)
		}
	}()
	for n.receiveNext(waiting) {
	}
}

// receiveAgain goes on with the next after a fault of our own.
func (n *notifier) receiveAgain(waiting *line) {
	n.mu.Lock()
	defer n.mu.Unlock()
	waiting.working = false
	if len(waiting.events) > 0 {
		n.startGuests(waiting)
	}
}

// receiveNext looks for one, or at the book. It tells whether to go on.
func (n *notifier) receiveNext(waiting *line) bool {
	book, event := n.nextGuest(waiting)
	if book == nil {
		return false
	}
	if event == nil {
		if n.checkBook(book, nil, false) {
			n.markOwed(book, false)
		}
		return true
	}
	n.welcome(book, event)
	return true
}

// nextGuest is whom to look for now; no event stands for the book itself, and
// no book for the end of the work.
func (n *notifier) nextGuest(waiting *line) (*seen.Book, *openwebui.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	book := n.guests.book
	opens := n.guests.opening && waiting == n.guests.others
	if n.closed || book == nil || (!opens && len(waiting.events) == 0) {
		waiting.working = false
		return nil, nil
	}
	if opens {
		n.guests.opening = false
		return book, nil
	}
	event := waiting.events[0]
	waiting.events[0] = nil // else the slice would keep it
	waiting.events = waiting.events[1:]
	return book, event
}

// onBook does something with the book. Who signs in waits for the disk as long
// as it takes; a sign-up is announced whatever the disk does, so it does not wait
// longer than a second.
func (n *notifier) onBook(isSignUp bool, operation func() error) error {
	if !isSignUp {
		return operation()
	}
	return outbox.Await(n.guests.disk, operation, func(_ error) {})
}

// checkBook looks whether the book is there and what it says of the learning.
// It tells whether it can be used.
func (n *notifier) checkBook(book *seen.Book, account *seen.Account, isSignUp bool) bool {
	err := n.onBook(isSignUp, func() error { return n.checkNow(book, account) })
	n.sayUnless(err)
	n.lookAgain(book)
	return err == nil
}

func (n *notifier) checkNow(book *seen.Book, account *seen.Account) error {
	now := time.Now()
	lines, err := book.Check(now, account)
	n.sayAll(lines)
	if err != nil {
		return err
	}
	lines, err = book.EndIfDue(now)
	n.sayAll(lines)
	return err
}

// lookAgain sets a timer for the end of the learning.
func (n *notifier) lookAgain(book *seen.Book) {
	goesOn, left := book.Learns(time.Now())
	n.mu.Lock()
	defer n.mu.Unlock()
	n.stopBookTimer()
	if !goesOn || n.closed || n.still || n.guests.book != book {
		return
	}
	n.guests.timer = time.AfterFunc(left+time.Millisecond, n.endLearning)
}

// endLearning is called by the timer.
func (n *notifier) endLearning() {
	defer func() { report(n, recover()) }()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.openBook()
}

// welcome looks for one account and announces it where it was never seen.
func (n *notifier) welcome(book *seen.Book, event *openwebui.Event) {
	account := &seen.Account{ID: event.ID, Email: event.Email}
	if !n.mayBeNews(book, account, event) {
		return
	}
	n.endIfNew(book, event)
	learns, _ := book.Learns(time.Now())
	if learns && !event.Made {
		_, _ = n.remember(book, account, false)
		return
	}
	n.announceGuest(book, account, event, learns)
}

// mayBeNews tells whether an account is not known, or was made by this sign-up:
// then it may be known already, by another process that has seen the same person
// meanwhile. Where the book cannot be used, nobody else is news.
func (n *notifier) mayBeNews(book *seen.Book, account *seen.Account, event *openwebui.Event) bool {
	known := n.find(book, account, event.Made)
	if known && !event.Made {
		return false
	}
	sound := n.checkBook(book, account, event.Made)
	if sound {
		// The book may be another by now, or may be used for the first time since
		// this one was announced.
		n.markOwed(book, event.Made)
		known = n.find(book, account, event.Made)
	}
	return event.Made || (sound && !known)
}

// announceGuest stores the notice first and then the marker, so that a kill
// between the two loses nobody. Whoever finds the marker there takes the notice
// back.
func (n *notifier) announceGuest(book *seen.Book, account *seen.Account, event *openwebui.Event, learns bool) {
	notice := admit(n, event)
	if notice == nil {
		return
	}
	if notice.Folder != nil && !store(n, notice, nil) {
		return
	}
	isFirst, err := n.remember(book, account, event.Made)
	// Whom a sign-up has made is news whatever became of the marker: an address
	// may be an earlier account's, and while it is learned, another process may
	// have seen the same person just now and kept quiet.
	if isFirst || (event.Made && (err != nil || event.ID == "" || learns)) {
		if err != nil {
			n.owe(book, account)
		}
		enqueue(n, notice)
		return
	}
	n.withdraw(notice)
}

// find tells whether an account was seen. Without an id it is a sign-up, and
// new.
func (n *notifier) find(book *seen.Book, account *seen.Account, isSignUp bool) bool {
	if account.ID == "" {
		return false
	}
	found := &bookAnswer{}
	err := n.onBook(isSignUp, func() error { return found.find(book, account) })
	return err == nil && found.yes
}

// bookAnswer is what the book has said, perhaps after nobody waits any more.
type bookAnswer struct {
	yes bool
}

func (a *bookAnswer) find(book *seen.Book, account *seen.Account) error {
	known, err := book.Find(account)
	a.yes = known
	return err
}

func (a *bookAnswer) mark(book *seen.Book, account *seen.Account) error {
	isFirst, err := book.Mark(account)
	a.yes = isFirst
	return err
}

// withdraw takes back a notice that another process sends, or whose account
// could not be marked and is announced when it can.
func (n *notifier) withdraw(notice *outbox.Notice) {
	n.mu.Lock()
	n.admitted--
	finish(n, notice)
	n.mu.Unlock()
	clearNotice(n, notice)
}

// marking returns what marks the account of an event that is announced for
// another reason than being seen, or nil where none is marked. It may take as
// long as the disk does.
func marking(n *notifier, event *openwebui.Event) func() {
	book := bookOf(n)
	if book == nil || (event.ID == "" && event.Email == "") {
		return nil
	}
	book.Remember(event.ID)
	return func() { n.mark(book, event) }
}

// mark marks an account that was announced.
func (n *notifier) mark(book *seen.Book, event *openwebui.Event) {
	account := &seen.Account{ID: event.ID, Email: event.Email}
	if !n.checkBook(book, account, false) {
		n.owe(book, account)
		return
	}
	n.endIfNew(book, event)
	_, err := n.remember(book, account, false)
	if err != nil {
		n.owe(book, account)
	}
}

// owe keeps an account that was announced and could not be marked, so that it
// is not announced once more after a restart.
func (n *notifier) owe(book *seen.Book, account *seen.Account) {
	book.Remember(account.ID)
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.guests.owed) < maxGuests {
		n.guests.owed = append(n.guests.owed, account)
	}
}

// markOwed marks them, or leaves them for the next time.
func (n *notifier) markOwed(book *seen.Book, isSignUp bool) {
	n.mu.Lock()
	owed := n.guests.owed
	n.guests.owed = nil
	n.mu.Unlock()
	for _, account := range owed {
		_, err := n.remember(book, account, isSignUp)
		if err != nil {
			n.owe(book, account)
		}
	}
}

// recheck looks at the book now and then, since those who come every day are
// known without it. It is called with the lock held.
func (n *notifier) recheck() {
	if n.guests.book == nil || n.still {
		return
	}
	n.openBook()
}

// remember marks an account, and tells whether it is the first to do so.
func (n *notifier) remember(book *seen.Book, account *seen.Account, isSignUp bool) (bool, error) {
	marked := &bookAnswer{}
	err := n.onBook(isSignUp, func() error { return marked.mark(book, account) })
	if err != nil {
		n.sayUnless(err)
		return false, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	healed(n, remembering)
	return marked.yes, nil
}

// endIfNew ends the learning with the first account of an instance, which is an
// administrator's.
func (n *notifier) endIfNew(book *seen.Book, event *openwebui.Event) {
	if !event.SignUp || event.Role != "admin" {
		return
	}
	n.sayUnless(n.onBook(event.Made, func() error { return n.endNow(book) }))
}

func (n *notifier) endNow(book *seen.Book) error {
	lines, err := book.EndIfNew(time.Now())
	n.sayAll(lines)
	return err
}

// sayAll says what the book has found out.
func (n *notifier) sayAll(lines []string) {
	for _, line := range lines {
		n.sayOf(openwebui.FirstSeen + ": " + line)
	}
}

// sayUnless says what the disk does not do; nothing for no error.
func (n *notifier) sayUnless(err error) {
	if err == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sayFault(remembering, "who was seen cannot be remembered, so that nobody is announced for signing in", err)
}
