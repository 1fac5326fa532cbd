package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
var peers = map[string]struct {
	module  string
	options options
}{
	demo: {
		module:  "github.com/traefik/plugindemo@v0.2.2",
		options: options{"headers": map[string]string{"X-Demo": "test"}},
	},
	rewriteBody: {
		module:  "github.com/packruler/rewrite-body@v1.2.0",
		options: options{"rewrites": []any{map[string]string{"regex": "stands in", "replacement": "stood in"}}},
	},
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

	for alias, peer := range peers {
		if plugins[alias], err = module(ctx, peer.module); err != nil {
			return nil, err
		}
	}

	return plugins, nil
}

// often is how many times as many rounds a page and a session check have at
// saturation: what a plugin costs there is little beside what the machine does by
// itself.
const often = 3

// measured is a case: a request to a router.
type measured struct {
	desc    string
	kind    kind
	router  router // of no host: the backend itself
	notices *inbox // that get one of each request; nil for none

	rounds [2][]sample // at the fixed rate, and at saturation
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

	notices, newcomers := openInbox(), openInbox()
	defer notices.Close()
	defer newcomers.Close()

	stateDir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(stateDir) }()

	page, session, signUp := page.answered(backend.Config.Handler), session.answered(backend.Config.Handler), signUp.answered(backend.Config.Handler)
	rewrittenPage := page.answered(backend.Config.Handler, "stands in", "stood in")
	rewrittenSignUp := signUp.answered(backend.Config.Handler, `"role":"pending"`, `"role":"waiting"`)

	ours := options{"webhookURL": notices.URL}
	cases := []*measured{
		{desc: alone, kind: page},
		{desc: "no plugin", kind: page, router: router{host: "none.test"}},
		{desc: "no plugin, once more", kind: page, router: router{host: "again.test", options: options{}}},
		{desc: "a plugin that only calls next", kind: page, router: router{host: "idle.test", plugin: idle, options: options{}}},
		{desc: "**ours, on the router of everything**", kind: page, router: router{host: "everything.test", plugin: traefik.Alias, options: ours}},
		{desc: "**ours, on a router for sign-ups alone**", kind: page, router: router{host: "dedicated.test", plugin: traefik.Alias, options: ours, dedicated: true}},
		{desc: "plugindemo, which sets a header", kind: page, router: router{host: "demo.test", plugin: demo, options: peers[demo].options}},
		{desc: "rewrite-body, which replaces two words", kind: rewrittenPage, router: router{host: "rewrite.test", plugin: rewriteBody, options: peers[rewriteBody].options}},
		{desc: alone, kind: session},
		{desc: "no plugin", kind: session, router: router{host: "none.test"}},
		{desc: "a plugin that only calls next", kind: session, router: router{host: "idle.test", plugin: idle}},
		{desc: "**ours, for sign-ups alone**", kind: session, router: router{host: "everything.test", plugin: traefik.Alias}},
		{desc: "**ours, with `first-seen`**", kind: session, router: router{host: "seen.test", plugin: traefik.Alias, options: options{
			"webhookURL": newcomers.URL, "events": []string{"signup", "first-seen"}, "stateDir": stateDir, "learnFor": "0s",
		}}},
		{desc: alone, kind: signUp},
		{desc: "no plugin", kind: signUp, router: router{host: "none.test"}},
		{desc: "a plugin that only calls next", kind: signUp, router: router{host: "idle.test", plugin: idle}},
		{desc: "**ours**", kind: signUp, router: router{host: "everything.test", plugin: traefik.Alias}, notices: notices},
		{desc: "rewrite-body, which replaces a word", kind: rewrittenSignUp, router: router{host: "rewrite-signup.test", plugin: rewriteBody, options: options{
			"rewrites":   []any{map[string]string{"regex": `"role":"pending"`, "replacement": `"role":"waiting"`}},
			"monitoring": map[string][]string{"methods": {"POST"}, "types": {"application/json"}},
		}}},
	}

	var routers []router

	for _, c := range cases {
		if c.router.options != nil || c.router.plugin == "" && c.router.host != "" && c.kind.name == page.name {
			routers = append(routers, c.router)
		}
	}

	s, err := start(ctx, plugins, backend.URL, routers)
	if err != nil {
		return err
	}
	defer s.Stop()

	rates := [2]int{p.rate, 0}

	newcomers.expect(tim.Name) // by the first session check, and no other

	// The first is for warming up, and is not counted.
	for round := range often*p.rounds + 1 {
		for _, at := range rand.Perm(len(cases)) {
			c, to := cases[at], direct(backend.URL)
			if c.router.host != "" {
				to = through(s, c.router.host)
			}

			for pace, rate := range rates {
				if round > p.rounds && (rate > 0 || c.kind.name == signUp.name) {
					continue
				}

				got, err := attack(ctx, to, c.kind, load{rate: rate, lasting: p.lasting, notices: c.notices})
				if err != nil {
					return fmt.Errorf("%s, %s: %w", c.kind.name, c.desc, err)
				}

				if round > 0 {
					c.rounds[pace] = append(c.rounds[pace], got)
				}
			}
		}
	}

	for _, inbox := range []*inbox{notices, newcomers} {
		if err := inbox.await(ctx); err != nil {
			return err
		}
	}

	for pace, rate := range rates {
		if err := writeTraffic(out, cases, pace, rate); err != nil {
			return err
		}
	}

	return nil
}

// alone is what the generator and the backend take by themselves.
const alone = "the backend, without Traefik"

// nextIdle is the first case of a plugin that only calls next.
func nextIdle(cases []*measured) *measured {
	return cases[slices.IndexFunc(cases, func(c *measured) bool { return c.router.plugin == idle })]
}

func writeTraffic(out io.Writer, cases []*measured, pace, rate int) error {
	heading := "At saturation"
	if rate > 0 {
		heading = fmt.Sprintf("At %d requests a second", rate)
	}

	var none, idling []time.Duration

	for at, c := range cases {
		rounds := c.rounds[pace]
		onCPU := []string{"", "", ""}

		if c.desc == alone {
			between := cases[at+1].rounds[pace]
			none, idling = each(between, cpu), each(nextIdle(cases[at:]).rounds[pace], cpu)

			if err := outpaced(rate, rounds, between); err != nil {
				return fmt.Errorf("%s, %s: %w", heading, c.kind.name, err)
			}

			_, _ = fmt.Fprintf(out, "\n### %s: %s\n\n", heading, c.kind.name)

			if c.kind.name == signUp.name {
				_, _ = fmt.Fprintf(out, "The CPU time has the delivery in it: a round sends at most %d sign-ups, and goes on until the last notice has come.\n\n", most)
			}

			_, _ = fmt.Fprintln(out, "| | CPU time of Traefik, µs a request | of no plugin's | of the idle plugin's | requests a second | median latency, ms | p99, ms |")
			_, _ = fmt.Fprintln(out, "|---|---|---|---|---|---|---|")
		} else {
			took := each(rounds, cpu)
			onCPU = []string{micros(spreadOf(took)), ratio(ratios(took, none)), ratio(ratios(took, idling))}
		}

		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s | %s |\n", c.desc, strings.Join(onCPU, " | "),
			whole(spreadOf(each(rounds, throughput))), millis(spreadOf(each(rounds, p50))), millis(spreadOf(each(rounds, p99))))
	}

	return nil
}
