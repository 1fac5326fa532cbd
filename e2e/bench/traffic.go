package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

const (
	idle        = "idle"
	demo        = "plugindemo"
	rewriteBody = "rewritebody"
)

// peers are other plugins, each in its simplest configuration.
var peers = map[string]string{
	demo:        "github.com/traefik/plugindemo@v0.2.2",
	rewriteBody: "github.com/packruler/rewrite-body@v1.2.0",
}

// idlePlugin is the folder of a plugin that only calls next.
func idlePlugin() (string, error) {
	root, err := tools.Root()
	if err != nil {
		return "", err
	}

	return filepath.Join(root, "e2e", "bench", "testdata", "idle"), nil
}

// pluginsWithPeers are the sources of all plugins that are measured.
func pluginsWithPeers(ctx context.Context) (map[string]string, error) {
	root, err := tools.Root()
	if err != nil {
		return nil, err
	}

	plugins := map[string]string{traefik.Alias: root}

	if plugins[idle], err = idlePlugin(); err != nil {
		return nil, err
	}

	for alias, version := range peers {
		if plugins[alias], err = module(ctx, version); err != nil {
			return nil, err
		}
	}

	return plugins, nil
}

// often is how many times as many rounds a page has at saturation: what a plugin
// costs there is little beside what the machine does by itself.
const often = 3

// measured is a case: a request to a router.
type measured struct {
	desc   string
	kind   kind
	router router
	tells  bool // each request makes a notice

	rounds [2][]sample // at the fixed rate, and at saturation
}

func (m *measured) cpu(pace int) []time.Duration {
	var all []time.Duration
	for _, s := range m.rounds[pace] {
		all = append(all, s.cpu)
	}

	return all
}

// traffic measures what each request costs, all in one Traefik. Rounds take the
// cases in turn, in an order of their own, so that what the machine does
// meanwhile happens to all of them.
func traffic(ctx context.Context, p plan, out io.Writer) error {
	plugins, err := pluginsWithPeers(ctx)
	if err != nil {
		return err
	}

	backend, err := open()
	if err != nil {
		return err
	}
	defer backend.Close()

	notices := openInbox()
	defer notices.Close()

	stateDir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(stateDir) }()

	ours := options{"webhookURL": notices.URL}
	cases := []*measured{
		{desc: "no plugin", kind: page, router: router{host: "none.test"}},
		{desc: "no plugin, once more", kind: page, router: router{host: "again.test", options: options{}}},
		{desc: "a plugin that only calls next", kind: page, router: router{host: "idle.test", plugin: idle, options: options{}}},
		{desc: "**ours, on the router of everything**", kind: page, router: router{host: "everything.test", plugin: traefik.Alias, options: ours}},
		{desc: "**ours, on a router for sign-ups alone**", kind: page, router: router{host: "dedicated.test", plugin: traefik.Alias, options: ours, dedicated: true}},
		{desc: "plugindemo, which sets a header", kind: page, router: router{host: "demo.test", plugin: demo, options: options{"headers": map[string]string{"X-Demo": "test"}}}},
		{desc: "rewrite-body, which looks into no answer to these requests", kind: page, router: router{host: "rewrite.test", plugin: rewriteBody, options: options{
			"rewrites": []any{map[string]string{"regex": "nowhere", "replacement": "there"}},
		}}},
		{desc: "no plugin", kind: session, router: router{host: "none.test"}},
		{desc: "a plugin that only calls next", kind: session, router: router{host: "idle.test", plugin: idle}},
		{desc: "**ours, for sign-ups alone**", kind: session, router: router{host: "everything.test", plugin: traefik.Alias}},
		{desc: "**ours, with `first-seen`**", kind: session, router: router{host: "seen.test", plugin: traefik.Alias, options: options{
			"webhookURL": notices.URL, "events": []string{"signup", "first-seen"}, "stateDir": stateDir,
		}}},
		{desc: "no plugin", kind: signUp, router: router{host: "none.test"}},
		{desc: "a plugin that only calls next", kind: signUp, router: router{host: "idle.test", plugin: idle}},
		{desc: "**ours**", kind: signUp, router: router{host: "everything.test", plugin: traefik.Alias}, tells: true},
		{desc: "rewrite-body, which looks into no answer to these requests", kind: signUp, router: router{host: "rewrite.test", plugin: rewriteBody}},
	}

	var routers []router

	for _, c := range cases {
		if c.router.options != nil || c.router.plugin == "" && c.kind.name == page.name {
			routers = append(routers, c.router)
		}
	}

	s, err := start(ctx, plugins, backend.URL, routers)
	if err != nil {
		return err
	}
	defer s.Stop()

	rates := [2]int{p.rate, 0}

	// The first is for warming up, and is not counted.
	for round := range often*p.rounds + 1 {
		for _, at := range rand.Perm(len(cases)) {
			for pace, rate := range rates {
				if round > p.rounds && (rate > 0 || cases[at].kind.name != page.name) {
					continue
				}

				l := load{rate: rate, lasting: p.lasting}
				if cases[at].tells {
					l.notices = notices
				}

				got, err := attack(ctx, s, targets(s, cases[at].router.host, cases[at].kind), l)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", cases[at].kind.name, cases[at].desc, err)
				}

				if round > 0 {
					cases[at].rounds[pace] = append(cases[at].rounds[pace], got)
				}
			}
		}
	}

	for pace, rate := range rates {
		writeTraffic(out, cases, pace, rate)
	}

	return nil
}

// nextIdle is the first case of a plugin that only calls next.
func nextIdle(cases []*measured) *measured {
	return cases[slices.IndexFunc(cases, func(c *measured) bool { return c.router.plugin == idle })]
}

func writeTraffic(out io.Writer, cases []*measured, pace, rate int) {
	heading := "At saturation"
	if rate > 0 {
		heading = fmt.Sprintf("At %d requests a second", rate)
	}

	kindBefore := ""

	var none, idling *measured

	for at, c := range cases {
		if c.kind.name != kindBefore {
			kindBefore, none, idling = c.kind.name, c, nextIdle(cases[at:])

			_, _ = fmt.Fprintf(out, "\n### %s: %s\n\n", heading, c.kind.name)

			if c.kind.name == signUp.name {
				_, _ = fmt.Fprintf(out, "The CPU time has the delivery in it: a round sends at most %d sign-ups, and goes on until the last notice has come.\n\n", most)
			}

			_, _ = fmt.Fprintln(out, "| | CPU time of Traefik, µs a request | of no plugin's | of the idle plugin's | requests a second | median latency, ms | p99, ms |")
			_, _ = fmt.Fprintln(out, "|---|---|---|---|---|---|---|")
		}

		var throughput []float64

		var p50, p99 []time.Duration

		for _, s := range c.rounds[pace] {
			throughput, p50, p99 = append(throughput, s.throughput), append(p50, s.p50), append(p99, s.p99)
		}

		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s |\n", c.desc, micros(spreadOf(c.cpu(pace))),
			ratio(ratios(c.cpu(pace), none.cpu(pace))), ratio(ratios(c.cpu(pace), idling.cpu(pace))),
			whole(spreadOf(throughput)), millis(spreadOf(p50)), millis(spreadOf(p99)))
	}
}
