package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

const (
	// kills of the short form: some 45 seconds.
	kills = 12
	// mostLife is how long a Traefik lives at most before it is killed.
	mostLife = 4 * time.Second

	// crowd is how many clients there are, and each of them signs somebody up
	// that often.
	crowd = 8
	every = 200 * time.Millisecond

	// mostThought is how long Open WebUI takes over a sign-up at most.
	mostThought = 40 * time.Millisecond
	// grace is how long a Traefik must live on after the answer to a client
	// that has left: somewhat more than the outbox waits for a slow disk.
	grace = 1500 * time.Millisecond

	// unansweredForHold is after how many requests without an answer there is
	// a hold, in which a newer notice may go first.
	unansweredForHold = 5
)

// signUps is what became of the clients' sign-ups, by name.
type signUps struct {
	mu   sync.Mutex
	done map[string]signedUp
}

type signedUp struct {
	sent     time.Time
	answered time.Time // zero without a whole answer
	left     bool      // the client did not wait for one
}

func (s *signUps) add(name string, one signedUp) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.done[name] = one
}

// goOn signs people up at that rate until the context ends.
func (s *signUps) goOn(ctx context.Context, addr func() string, number int, r *rand.Rand) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()

	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}

		name := fmt.Sprintf("client %d no. %d", number, i)
		one := signedUp{sent: time.Now()}

		if one.left = r.IntN(5) == 0; one.left {
			hangUp(addr(), name, upTo(r, 2*mostThought))
		} else if signUp(addr(), name) == nil {
			one.answered = time.Now()
		}

		s.add(name, one)
	}
}

// flap makes the receiver fail in each way in turn, and work in between, until
// the context ends.
func flap(ctx context.Context, t *testing.T, r *receiver.Receiver, chance *rand.Rand) {
	ways := []func(){
		r.Hang,
		func() { r.Answer(http.StatusServiceUnavailable) },
		func() { r.Answer(http.StatusTooManyRequests, "Retry-After", "1") },
		func() { r.Answer(http.StatusNotFound) },
		r.SwitchOff,
	}

	for ctx.Err() == nil {
		way := chance.IntN(len(ways))
		ways[way]()
		rest(ctx, upTo(chance, 3*time.Second))

		if way == len(ways)-1 {
			if err := r.SwitchOn(); err != nil {
				t.Error(err)
				return
			}
		}

		r.Answer(http.StatusOK)
		rest(ctx, upTo(chance, 2*time.Second))
	}
}

// rest passes time, which is all that it is for.
func rest(ctx context.Context, wait time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(wait):
	}
}

// life is the time of one Traefik process.
type life struct {
	begun time.Time // before it was started
	ended time.Time // before it was killed
}

// lives is what happens to Traefik: it lives, its configuration is read again
// or changes, it is killed and started again.
type lives struct {
	server  *traefik.Server
	dynamic func(round int) string
	chance  *rand.Rand

	// moments tell of what a kill may follow at once: a delivery, an account.
	moments [2]chan struct{}

	round int
	list  []life
}

func (l *lives) goOn(ctx context.Context, deaths int) error {
	for range deaths {
		until := time.Now().Add(upTo(l.chance, mostLife))

		for wait := upTo(l.chance, mostLife); time.Now().Add(wait).Before(until); wait = upTo(l.chance, mostLife) {
			rest(ctx, wait)

			if err := l.reload(ctx); err != nil {
				return err
			}
		}

		rest(ctx, time.Until(until))
		l.awaitMoment(ctx)

		if err := l.kill(ctx); err != nil {
			return err
		}
	}

	return nil
}

// awaitMoment makes two kills of three come within a few milliseconds after a
// delivery or after an account was made, for it is there that something could
// be lost or doubled.
func (l *lives) awaitMoment(ctx context.Context) {
	// Mostly at once: what may be interrupted takes a millisecond.
	kind, share := l.chance.IntN(len(l.moments)+1), l.chance.Float64()
	if kind == len(l.moments) {
		return
	}

	select {
	case <-l.moments[kind]: // a former one
	default:
	}

	select {
	case <-l.moments[kind]:
		time.Sleep(time.Duration(share * share * share * float64(5*time.Millisecond)))
	case <-time.After(mostLife): // the receiver may take nothing for long
	case <-ctx.Done():
	}
}

// tell passes a moment on to whoever waits for one.
func tell(moments chan struct{}) {
	select {
	case moments <- struct{}{}:
	default:
	}
}

// reload has Traefik read its configuration again; half of the time it is
// another one.
func (l *lives) reload(ctx context.Context) error {
	if l.chance.IntN(2) == 0 {
		return l.server.Reload(ctx)
	}

	return l.change(ctx)
}

func (l *lives) change(ctx context.Context) error {
	l.round++
	return l.server.WriteDynamic(ctx, l.dynamic(l.round))
}

func (l *lives) kill(ctx context.Context) error {
	l.list[len(l.list)-1].ended = time.Now()
	l.server.Kill()
	l.list = append(l.list, life{begun: time.Now()})

	return l.server.Restart(ctx)
}

// at is the index of the life in which something happened or, shortly after
// it, ended.
func (l *lives) at(moment time.Time) int {
	index := 0
	for index+1 < len(l.list) && !moment.Before(l.list[index+1].begun) {
		index++
	}

	return index
}

// TestChaos is all of it at once. It cannot choose at which instruction
// Traefik is killed, so it is as good as it is long.
func TestChaos(t *testing.T) {
	t.Parallel()

	stateDir, r := t.TempDir(), receiver.Run(t)
	app := run(t, thought(chance(t, 1)))

	l := &lives{chance: chance(t, 2), list: []life{{begun: time.Now()}}}
	l.moments = [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}

	r.OnTaken(func(receiver.Request) { tell(l.moments[0]) })

	l.dynamic = func(round int) string {
		return dynamic(app.URL, options{
			"webhookURL": r.URL(),
			"stateDir":   stateDir,
			"timeout":    "1s",
			"message":    "{name}",
			"headers":    map[string]string{"X-Round": fmt.Sprint(round)},
		})
	}
	app.onMade = func() { tell(l.moments[1]) }
	l.server = traefik.Run(t, traefik.Options{Static: traefik.Quiet, Dynamic: l.dynamic(0)})

	signUps := &signUps{done: map[string]signedUp{}}
	ctx, stop := context.WithCancel(t.Context())

	var group sync.WaitGroup

	for number := range crowd {
		chance := chance(t, 100+uint64(number))

		group.Go(func() { signUps.goOn(ctx, l.server.Addr, number, chance) })
	}

	flapping := chance(t, 3)

	group.Go(func() { flap(ctx, t, r, flapping) })

	begin := time.Now()
	err := l.goOn(t.Context(), environ.Number(t, "CHAOS_KILLS", kills))

	stop()
	group.Wait()

	if err != nil {
		t.Fatal(err)
	}

	lasted := time.Since(begin)

	// A receiver that is well again is told of by a change of the
	// configuration, or else a hold could go on for an hour.
	r.Answer(http.StatusOK)

	if err := l.change(t.Context()); err != nil {
		t.Fatal(err)
	}

	statedir.Drain(t, patience, stateDir, middleware)

	tries, accounts := r.Tries(), app.accounts()

	t.Logf("seed %d: %d kills and %d tries of %d accounts in %.0f s", environ.Number(t, "CHAOS_SEED", 1), len(l.list)-1, len(tries), len(accounts), lasted.Seconds())
	wantAllAnnounced(t, l, signUps.done, accounts, tries)
	wantOneIDEach(t, accounts, tries)
	wantOrder(t, l, signUps.done, tries)

	if given := statedir.Files(t, stateDir, middleware, "failed"); len(given) > 0 {
		t.Errorf("got: %d notices given up, want: none", len(given))
	}

	if lines := l.server.Lines(traefik.Error, "no more fit"); len(lines) > 0 {
		t.Errorf("got: %q, want: room for all", lines)
	}

	t.Logf("%d lines told of notices that a slow disk did not store in time", len(l.server.Lines(traefik.Error, "could not be stored")))
}

// thought is how long the upstream thinks each time.
func thought(r *rand.Rand) func() time.Duration {
	var mu sync.Mutex

	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()

		return upTo(r, mostThought)
	}
}

// takenOf counts how often each body was taken.
func takenOf(tries []receiver.Request) map[string]int {
	taken := map[string]int{}

	for _, try := range tries {
		if try.Taken() {
			taken[try.Body]++
		}
	}

	return taken
}

// wantAllAnnounced looks for everybody whose notice was promised: a client has
// seen the answer, or has left and Traefik lived on when the upstream had
// answered it.
func wantAllAnnounced(t *testing.T, l *lives, signUps map[string]signedUp, accounts map[string]account, tries []receiver.Request) {
	t.Helper()

	var (
		acknowledged, left, open, openAnnounced int
		lost                                    []string
	)

	taken := takenOf(tries)
	total := 0

	for _, times := range taken {
		total += times
	}

	for name, made := range accounts {
		one := signUps[name]

		switch {
		case !one.answered.IsZero():
			acknowledged++
		case one.left && l.outlived(made):
			left++
		default:
			// Killed before it could have been stored: nobody was promised
			// anything.
			open++

			if taken[name] > 0 {
				openAnnounced++
			}

			continue
		}

		if taken[name] == 0 {
			lost = append(lost, fmt.Sprintf("%s, sent at %s, made at %s, answered at %s", name, clock(one.sent), clock(made.at), clock(one.answered)))
		}
	}

	if len(lost) > 0 {
		t.Errorf("got: %d without a notice, want: none: %q", len(lost), lost[:min(10, len(lost))])
	}

	t.Logf("promised: %d whose client was answered and %d whose client had left; of %d others %d were announced", acknowledged, left, open, openAnnounced)
	t.Logf("%d notices were taken, %d of them doubles (%.1f %%)", total, total-len(taken), 100*float64(total-len(taken))/float64(total))

	if acknowledged == 0 || left == 0 {
		t.Error("got: nobody of one kind, or this tests nothing")
	}
}

// outlived tells whether one Traefik saw the sign-up and lived on long enough
// after its answer to store the notice.
func (l *lives) outlived(made account) bool {
	index := l.at(made.came)
	end := l.list[index].ended

	return end.IsZero() || made.at.Add(grace).Before(end)
}

// wantOneIDEach wants every try of a notice under the id that its account
// gives it.
func wantOneIDEach(t *testing.T, accounts map[string]account, tries []receiver.Request) {
	t.Helper()

	for _, try := range tries {
		made, ok := accounts[try.Body]
		if !ok {
			t.Errorf("got: a notice of %q, want: none, for there is no such account", try.Body)
			continue
		}

		if got, want := try.Header.Get("Webhook-Id"), idOf(made); got != want {
			t.Errorf("got: webhook-id %s for %s, want: %s", got, try.Body, want)
		}
	}
}

// wantOrder compares the deliveries of each Traefik with the order in which
// clients were answered, as far as that is known: somebody who was answered
// before another began comes first. Who stepped aside is left out, and those
// whom a Traefik found in the folder are compared among themselves.
func wantOrder(t *testing.T, l *lives, signUps map[string]signedUp, tries []receiver.Request) {
	t.Helper()

	asides, compared := 0, 0
	perLife := make([][]receiver.Request, len(l.list))

	for _, try := range tries {
		index := l.at(try.At)
		perLife[index] = append(perLife[index], try)
	}

	for index, tries := range perLife {
		aside := steppedAside(tries)
		asides += len(aside)

		var own, found []string

		seen := map[string]bool{}
		for _, try := range tries {
			name := try.Body
			if !try.Taken() || seen[name] || aside[name] || signUps[name].answered.IsZero() {
				continue
			}

			seen[name] = true

			if l.at(signUps[name].answered) == index {
				own = append(own, name)
			} else {
				found = append(found, name)
			}
		}

		compared += len(own) + len(found)
		wantAscending(t, own, signUps)
		wantAscending(t, found, signUps)
	}

	t.Logf("%d deliveries compared in their order; %d times a notice may have stepped aside", compared, asides)

	if compared == 0 {
		t.Error("got: nothing to compare")
	}
}

// steppedAside are those that may have, in one process: after an answer that
// could be about them alone, or too often none.
func steppedAside(tries []receiver.Request) map[string]bool {
	aside, silent := map[string]bool{}, map[string]int{}

	for _, try := range tries {
		switch try.Status {
		case http.StatusNotFound:
			aside[try.Body] = true
		case 0:
			silent[try.Body]++
			if silent[try.Body] >= unansweredForHold {
				aside[try.Body] = true
			}
		}
	}

	return aside
}

func wantAscending(t *testing.T, names []string, signUps map[string]signedUp) {
	t.Helper()

	// From the last one back: of those behind, the one that was answered
	// first.
	first := ""

	for _, name := range slices.Backward(names) {
		if first != "" && signUps[first].answered.Before(signUps[name].sent) {
			t.Errorf("got: %q (answered at %s) after %q (sent at %s), want: before", first, clock(signUps[first].answered), name, clock(signUps[name].sent))
		}

		if first == "" || signUps[name].answered.Before(signUps[first].answered) {
			first = name
		}
	}
}

func clock(moment time.Time) string { return moment.Format("15:04:05.000") }
