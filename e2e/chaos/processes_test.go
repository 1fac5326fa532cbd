package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// updates is how often a Traefik is replaced in TestRollingUpdates.
const updates = 8

// pair are the Traefik processes that share a folder: one, and during an
// update another.
type pair struct {
	mu   sync.Mutex
	list []*traefik.Server
}

// addr is where a load balancer sends somebody.
func (p *pair) addr(r *rand.Rand) string {
	p.mu.Lock()
	defer p.mu.Unlock()

	return p.list[r.IntN(len(p.list))].Addr()
}

func (p *pair) add(s *traefik.Server) {
	p.mu.Lock()
	defer p.mu.Unlock()

	p.list = append(p.list, s)
}

// takeOut returns the oldest, which gets no more requests.
func (p *pair) takeOut() *traefik.Server {
	p.mu.Lock()
	defer p.mu.Unlock()

	oldest := p.list[0]
	p.list = p.list[1:]

	return oldest
}

// TestRollingUpdates starts each time a second Traefik on the folder while the
// first runs, and kills the first, half of the time while it still has clients.
func TestRollingUpdates(t *testing.T) {
	t.Parallel()

	stateDir, r := t.TempDir(), receiver.Run(t)
	app := run(t, thought(chance(t, 11)))
	config := dynamic(app.URL, options{"webhookURL": r.URL(), "stateDir": stateDir, "message": "{name}"})
	replica := func() *traefik.Server {
		return traefik.Run(t, traefik.Options{Dynamic: config})
	}

	all := []*traefik.Server{replica()}
	p := &pair{list: []*traefik.Server{all[0]}}

	signUps := &signUps{done: map[string]signedUp{}}
	ctx, stop := context.WithCancel(t.Context())

	var group sync.WaitGroup

	for number := range crowd {
		choice := chance(t, 200+uint64(number))
		balance := chance(t, 300+uint64(number))

		group.Go(func() {
			signUps.goOn(ctx, func() string { return p.addr(balance) }, number, choice)
		})
	}

	choice := chance(t, 12)

	for range updates {
		// While nothing is taken, both have the same notices waiting.
		r.Answer(http.StatusServiceUnavailable)
		rest(t.Context(), upTo(choice, time.Second))

		next := replica()
		all = append(all, next)
		p.add(next)

		rest(t.Context(), upTo(choice, time.Second))
		r.Answer(http.StatusOK)
		rest(t.Context(), upTo(choice, 2*time.Second))

		if choice.IntN(2) == 0 {
			p.takeOut().Kill()
			continue
		}

		p.mu.Lock()
		victim := p.list[0]
		p.mu.Unlock()

		victim.Kill()
		rest(t.Context(), upTo(choice, 200*time.Millisecond)) // until the balancer sees it
		p.takeOut()
	}

	stop()
	group.Wait()

	// What the killed ones left is young: only a start takes it up at once.
	if err := p.list[0].Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	statedir.Drain(t, patience, stateDir, middleware)

	tries, accounts := r.Tries(), app.accounts()
	taken := takenOf(tries)
	promised, total := 0, 0

	for name, one := range signUps.done {
		if one.answered.IsZero() {
			continue
		}

		promised++

		if taken[name] == 0 {
			t.Errorf("got: no notice of %q, who was answered at %s, want: one", name, clock(one.answered))
		}
	}

	for _, times := range taken {
		total += times
	}

	wantOneIDEach(t, accounts, tries)

	dropped := 0
	for _, s := range all {
		dropped += len(s.Lines("delivered by another process"))
	}

	t.Logf("seed %d: %d processes, %d sign-ups promised, %d notices taken, %d of them doubles (%.1f %%), %d dropped for another's delivery",
		environ.Number(t, "CHAOS_SEED", 1), len(all), promised, total, total-len(taken), 100*float64(total-len(taken))/float64(total), dropped)

	// Whether any is dropped is chance here; the next test is sure of some.
	if promised == 0 {
		t.Error("got: none promised, or this tests nothing")
	}
}

// TestWhatOneDeliveredTheOtherDrops has two processes know the same notices,
// of which only one has a receiver that works.
func TestWhatOneDeliveredTheOtherDrops(t *testing.T) {
	const count = 20

	stateDir, app := t.TempDir(), run(t, atOnce)
	well, ill := receiver.Run(t), receiver.Run(t)
	well.SwitchOff()
	ill.Answer(http.StatusServiceUnavailable)

	config := func(r *receiver.Receiver) traefik.Options {
		return traefik.Options{Dynamic: dynamic(app.URL, options{"webhookURL": r.URL(), "stateDir": stateDir, "message": "{name}"})}
	}

	one := traefik.Run(t, config(well))
	names := signUpSome(t, one, "shared", count)

	other := traefik.Run(t, config(ill))

	if _, err := ill.AwaitTries(wait.AtMost(t, patience), 1); err != nil {
		t.Fatal(err)
	}

	// Nothing more is asked of it before it has been told to work.
	ill.SwitchOff()

	if err := well.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	wantDelivered(t, well, names)
	statedir.Drain(t, patience, stateDir, middleware)

	ill.Answer(http.StatusOK)

	if err := ill.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	// This one comes behind all that the other has to drop.
	own := signUpSome(t, other, "its own", 1)
	wantDelivered(t, ill, own)

	if got := len(other.Lines("delivered by another process")); got != count {
		t.Errorf("got: %d notices dropped, want: %d", got, count)
	}
}

// signUpSome signs people up one after the other.
func signUpSome(t *testing.T, s *traefik.Server, label string, count int) []string {
	t.Helper()

	var names []string

	for i := range count {
		names = append(names, fmt.Sprintf("%s %03d", label, i))

		if err := signUp(s.Addr(), names[i]); err != nil {
			t.Fatal(err)
		}
	}

	return names
}
