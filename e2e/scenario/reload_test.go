package scenario

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// goroutines is how many Traefik has, by its own count.
func (p *proxy) goroutines(t *testing.T) int {
	t.Helper()

	count, err := p.Goroutines(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return count
}

// loaded is a site whose middleware changes with each round, beside a router
// that has nothing to do with it and changes too.
func loaded(host, receiver, app string, round int) string {
	return strings.ReplaceAll(fmt.Sprintf(`
http:
  routers:
    chat:
      rule: Host(¸%[1]s¸)
      middlewares: [notify]
      service: chat
    unrelated:
      rule: Host(¸round-%[4]d.%[1]s¸)
      service: chat
  middlewares:
    notify:
      plugin:
        signupwebhook:
          webhookURL: %[2]s
          headers:
            X-Round: "%[5]d"
  services:
    chat:
      loadBalancer:
        servers:
          - url: %[3]s
`, host, receiver, app, round, round/4), "¸", "`")
}

func TestReloadsUnderLoadLoseAndLeakNothing(t *testing.T) {
	const (
		clients = 64
		reloads = 200
		least   = 3000 // sign-ups

		// A middleware holds 1,000 notices in memory; the clients wait
		// before that, so that none is refused for it.
		most = 900
	)

	p, r, app := own(t, traefik.Options{Static: traefik.Debug}), receiver.Run(t), webui.RunStandIn(t)
	host := hostOf(t)

	waiting := make(chan struct{}, most)
	r.OnTaken(func(receiver.Request) { <-waiting })

	p.publishText(t, "yml", loaded(host, r.URL(), app.URL, 0))

	// What is started once is started before the first count.
	waiting <- struct{}{}
	p.signUp(t, host, "the first one")

	if _, err := r.Await(wait.AtMost(t, patience), 1); err != nil {
		t.Fatal(err)
	}

	before := p.goroutines(t)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()

	var (
		group sync.WaitGroup
		mu    sync.Mutex
		names = []string{"the first one"}
	)

	for c := range clients {
		group.Add(1)

		go func() {
			defer group.Done()

			for i := 0; ctx.Err() == nil; i++ {
				waiting <- struct{}{}

				name := fmt.Sprintf("client %d, sign-up %d", c, i)
				if _, err := p.trySignUp(t.Context(), host, name); err != nil {
					t.Error(err)
					return
				}

				mu.Lock()
				names = append(names, name)
				mu.Unlock()
			}
		}()
	}

	signedUp := func() int {
		mu.Lock()
		defer mu.Unlock()

		return len(names)
	}

	begin := time.Now()

	rounds := 0
	for rounds < reloads || signedUp() < least {
		rounds++

		p.publishText(t, "yml", loaded(host, r.URL(), app.URL, rounds))

		if t.Failed() {
			break
		}
	}

	stop()
	group.Wait()
	t.Logf("%d sign-ups from %d clients during %d reloads in %.1f s", len(names), clients, rounds, time.Since(begin).Seconds())

	if _, err := r.Await(wait.AtMost(t, patience), len(names)); err != nil {
		t.Error(err)
	}

	waiting <- struct{}{}
	wantNotices(t, p.settled(t, host, r), names...)

	// Connections that are kept have goroutines too.
	client.CloseIdleConnections()
	app.CloseClientConnections()

	const slack = 20

	var after int

	wait.Until(t, patience, func() error {
		after = p.goroutines(t)
		if after > before+slack {
			return fmt.Errorf("got: %d goroutines, want: about %d", after, before)
		}

		return nil
	})
	t.Logf("%d goroutines before and %d after", before, after)
}

func TestNothingGoesToTheOldURLAfterAReload(t *testing.T) {
	tests := []struct {
		desc string
		fail func(old *receiver.Receiver)
	}{
		{
			// Without the reload, nothing would be tried for an hour.
			desc: "the old one fails",
			fail: func(old *receiver.Receiver) { old.Answer(http.StatusServiceUnavailable, "Retry-After", "3600") },
		},
		{
			desc: "the old one hangs",
			fail: (*receiver.Receiver).Hang,
		},
	}

	p, app := shared(t), webui.RunStandIn(t)

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			old, new, host := receiver.Run(t), receiver.Run(t), hostOf(t)
			test.fail(old)

			o := options{"webhookURL": old.URL(), "timeout": "1s"}
			s := site{host: host, upstream: app.URL, middlewares: []options{o}}
			p.publish(t, s)

			for i := range 5 {
				p.signUp(t, host, fmt.Sprint("early ", i))
			}

			if _, err := old.AwaitTries(wait.AtMost(t, patience), 1); err != nil {
				t.Fatal(err)
			}

			o["webhookURL"] = new.URL()
			p.publish(t, s)

			tried := len(old.Tries())

			wantNotices(t, p.settled(t, host, new), "early 0", "early 1", "early 2", "early 3", "early 4")

			if got := len(old.Tries()); got != tried || tried != 1 {
				t.Errorf("got: %d tries at the old URL, %d of them after the reload, want: 1 and 0", got, got-tried)
			}
		})
	}
}
