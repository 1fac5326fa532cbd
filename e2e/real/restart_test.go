package real

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/e2e/recipes"
)

const (
	// late is how long after the receiver is back the last of the notices may
	// come.
	late = 30 * time.Second

	// pace is the time between two sign-ups.
	pace = 25 * time.Millisecond

	// most sign up while the receiver comes back.
	most = 200
)

// running is what the tests need of a receiver.
type running struct {
	url     string
	notices func(ctx context.Context) ([]string, error)

	// stop ends it and start brings it back; stop may be nil.
	stop  func()
	start func(ctx context.Context) error

	// aside is how many notices at most may change their places: those that
	// it refused while it came back.
	aside int

	// after is tried when all notices are there; nil: nothing.
	after func(t *testing.T, s *stream)
}

// TestRestartInAStreamOfSignUps has each receiver go and come back while
// people sign up, with the very options of its recipe.
func TestRestartInAStreamOfSignUps(t *testing.T) {
	tests := []struct {
		desc   string
		recipe string
		run    func(t *testing.T, recipe recipes.Recipe) running
	}{
		{
			desc:   "RabbitMQ is killed",
			recipe: "RabbitMQ",
			run: func(t *testing.T, recipe recipes.Recipe) running {
				q := RunRabbitMQ(t)
				q.SetUp(t, block(t, recipe, "sh", 0))

				return running{url: q.URL(), notices: q.Notices, stop: q.Kill, start: q.Start}
			},
		},
		{
			desc:   "RabbitMQ is shut down",
			recipe: "RabbitMQ",
			run: func(t *testing.T, recipe recipes.Recipe) running {
				q := RunRabbitMQ(t)
				q.SetUp(t, block(t, recipe, "sh", 0))

				return running{url: q.URL(), notices: q.Notices, stop: q.Stop, start: q.Start, after: func(t *testing.T, s *stream) {
					withoutQueue(t, q, recipe, s)
				}}
			},
		},
		{
			desc:   "Node-RED is restarted",
			recipe: "Node-RED",
			run: func(t *testing.T, recipe recipes.Recipe) running {
				n := RunNodeRED(t, block(t, recipe, "json", 0))

				return running{url: n.URL(), notices: n.Notices, stop: n.Stop, start: n.Start}
			},
		},
		{
			desc:   "Node-RED's flows are deployed again and again",
			recipe: "Node-RED",
			run: func(t *testing.T, recipe recipes.Recipe) running {
				const deployments = 10

				n := RunNodeRED(t, block(t, recipe, "json", 0))
				again := func(ctx context.Context) error {
					for range deployments {
						if err := n.Deploy(ctx); err != nil {
							return err
						}

						time.Sleep(4 * pace) // people go on signing up
					}

					return nil
				}

				// While it has no flows, it answers 404, once for each time.
				return running{url: n.URL(), notices: n.Notices, start: again, aside: deployments}
			},
		},
		{
			desc:   "webhook is killed",
			recipe: "A script of your own, with adnanh's webhook",
			run: func(t *testing.T, recipe recipes.Recipe) running {
				w := RunWebhook(t, block(t, recipe, "json", 0), block(t, recipe, "sh", 0))

				return running{url: w.URL(), notices: w.Notices, stop: w.Kill, start: w.Start}
			},
		},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			t.Parallel()

			recipe, err := recipes.Find(test.recipe)
			if err != nil {
				t.Fatal(err)
			}

			r := test.run(t, recipe)
			s := &stream{proxy: traefik.Run(t, traefik.Options{Dynamic: configuration(t, recipe, r.url)})}
			s.signUp(t, 30)

			gone := time.Now()

			if r.stop != nil {
				r.stop()
				s.signUp(t, 30)
			}

			back := make(chan error, 1)

			go func() { back <- r.start(t.Context()) }()

			// Enough is enough where it takes its time.
			for len(s.want) < most && len(back) == 0 {
				s.signUp(t, 1)
			}

			if err := <-back; err != nil {
				t.Fatal(err)
			}

			since, limit := time.Now(), late

			// The pauses between tries grow with the outage. On a machine so busy
			// that this one is no short one, half a minute is not asked for.
			down := since.Sub(gone)
			if down > late/2 {
				limit += 2 * down
			}

			s.signUp(t, 30)

			got := s.await(t, r, since.Add(limit))
			t.Logf("%d sign-ups; away for %v; the last notice %v after it was back",
				len(s.want), down.Round(time.Millisecond), time.Since(since).Round(time.Millisecond))
			wantOrder(t, got, s.want, r.aside)

			if r.after != nil {
				r.after(t, s)
			}
		})
	}
}

// withoutQueue takes RabbitMQ's queue away, with all that is in it: it then
// says 200 to a notice that goes nowhere, which must come once there is a queue
// again.
func withoutQueue(t *testing.T, q *RabbitMQ, recipe recipes.Recipe, s *stream) {
	t.Helper()

	if err := q.Call(t.Context(), http.MethodDelete, "/api/queues/%2F/signups", nil, nil); err != nil {
		t.Fatal(err)
	}

	s.want = nil
	s.signUp(t, 1)

	if err := s.proxy.AwaitLog(t.Context(), "its answer does not hold the text of answerContains"); err != nil {
		t.Fatal(err)
	}

	q.SetUp(t, block(t, recipe, "sh", 0))
	s.await(t, running{notices: q.Notices}, time.Now().Add(late))
}

func block(t *testing.T, recipe recipes.Recipe, language string, n int) string {
	t.Helper()

	text, err := recipe.Block(language, n)
	if err != nil {
		t.Fatal(err)
	}

	return text
}

// configuration has Traefik guard a stand-in for Open WebUI with the recipe's
// middleware, whose receiver is at the address base.
func configuration(t *testing.T, recipe recipes.Recipe, base string) string {
	t.Helper()

	found, err := recipe.Middlewares()
	if err != nil {
		t.Fatal(err)
	}

	var d traefik.Dynamic

	for name, options := range found {
		target, err := url.Parse(fmt.Sprint(options["webhookURL"]))
		if err != nil {
			t.Fatal(err)
		}

		options["webhookURL"] = base + target.RequestURI()
		d.Plugin(name, options)
	}

	d.Service("app", webui.RunStandIn(t).URL)
	d.Router("app", traefik.Everything, "app", slices.Collect(maps.Keys(found))...)

	return d.YAML()
}

// stream signs people up, one after the other.
type stream struct {
	proxy *traefik.Server
	want  []string // the notices, in order
}

func (s *stream) signUp(t *testing.T, n int) {
	t.Helper()

	for range n {
		name := fmt.Sprintf("person %04d", len(s.want))

		webui.SignUpAt(t, s.proxy.URL(), "", name, "somebody@example.org")

		s.want = append(s.want, receiver.Greeting+name)

		time.Sleep(pace) // the stream's own pace
	}
}

// await returns what the receiver has, in its order and each once, when that
// is everything.
func (s *stream) await(t *testing.T, r running, deadline time.Time) []string {
	t.Helper()

	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()

	for {
		raw, err := r.notices(ctx)
		if err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}

		got := distinct(raw)
		if len(got) == len(s.want) {
			// One at most was on its way when the receiver went.
			if doubles := len(raw) - len(got); doubles > 1 {
				t.Errorf("got: %d doubles, want: one at most", doubles)
			}

			return got
		}

		select {
		case <-ctx.Done():
			missing := slices.DeleteFunc(slices.Clone(s.want), func(notice string) bool { return slices.Contains(got, notice) })
			t.Fatalf("got: %d of %d notices in time, want: all; missing: %q", len(got), len(s.want), missing)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func distinct(raw []string) []string {
	var got []string

	seen := map[string]bool{}

	for _, notice := range raw {
		if !seen[notice] {
			got = append(got, notice)
		}

		seen[notice] = true
	}

	return got
}

// wantOrder allows as many to be out of place as stepped aside: so many are to
// be taken out until the rest is in order.
func wantOrder(t *testing.T, got, want []string, aside int) {
	t.Helper()

	if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, want) {
		t.Fatalf("got: %q, want: %q", sorted, want)
	}

	if moved := len(got) - longestRise(got); moved > aside {
		t.Errorf("got: %d notices out of order, want: %d at most: %s", moved, aside, strings.Join(got, "\n"))
	}
}

// longestRise is the length of the longest part in rising order, not
// necessarily of neighbours.
func longestRise(list []string) int {
	var ends []string // ends[i]: the least text that a rise of i+1 ends with

	for _, text := range list {
		at, _ := slices.BinarySearch(ends, text)
		if at == len(ends) {
			ends = append(ends, text)
			continue
		}

		ends[at] = text
	}

	return len(ends)
}
