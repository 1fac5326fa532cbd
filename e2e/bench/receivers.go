package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// gone is where nobody listens.
const gone = "http://127.0.0.1:1/"

// receivers measures what a sign-up costs while the receiver is fast, hangs, or
// is gone. No more than what fits in memory is sent, so that nothing is refused.
func receivers(ctx context.Context, p plan, out io.Writer) error {
	const rate = 50

	backend, err := open()
	if err != nil {
		return err
	}
	defer backend.Close()

	type state struct {
		desc            string
		plugin, onDisk  bool
		hanging, isGone bool
		rounds          []sample
	}

	states := []*state{
		{desc: "no plugin"},
		{desc: "in memory, the receiver is fast", plugin: true},
		{desc: "in memory, it hangs", plugin: true, hanging: true},
		{desc: "in memory, it is gone", plugin: true, isGone: true},
		{desc: "with `stateDir`, the receiver is fast", plugin: true, onDisk: true},
		{desc: "with `stateDir`, it hangs", plugin: true, onDisk: true, hanging: true},
		{desc: "with `stateDir`, it is gone", plugin: true, onDisk: true, isGone: true},
	}

	once := func(st *state) error {
		notices := openInbox()
		defer func() { notices.Close() }() // of who listens then

		r, dir, address := router{host: "chat.test"}, "", ""

		if st.plugin {
			r.plugin, r.options = traefik.Alias, options{"webhookURL": notices.URL}
		}

		if st.isGone {
			notices.Close()

			if address, err = freeAddress(); err != nil {
				return err
			}

			r.options["webhookURL"] = "http://" + address
		}

		if st.onDisk {
			if dir, err = os.MkdirTemp("", "bench-"); err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(dir) }()

			r.options["stateDir"] = dir
		}

		s, err := startOurs(ctx, backend.URL, []router{r})
		if err != nil {
			return err
		}
		defer s.Stop()

		l := load{rate: rate, lasting: p.lasting, later: st.hanging || st.isGone}
		if st.plugin {
			l.notices = notices
		}

		release := func() {}
		if st.hanging {
			notices.hold()
			release = sync.OnceFunc(notices.release)
		}

		defer release()

		warm := l
		warm.lasting = time.Second

		if _, err := attack(ctx, s, targets(s, r.host, signUp), warm); err != nil {
			return err
		}

		got, err := attack(ctx, s, targets(s, r.host, signUp), l)
		if err != nil {
			return err
		}

		st.rounds = append(st.rounds, got)

		if !l.later {
			return nil
		}

		if st.onDisk {
			if err := stored(dir, int(notices.due.Load())); err != nil {
				return err
			}
		}

		// Nothing of it was lost meanwhile.
		release()

		if st.isGone {
			if err := notices.listenAt(address); err != nil {
				return err
			}
		}

		return notices.awaitMore(ctx, 0)
	}

	for range p.rounds {
		for _, st := range states {
			if err := once(st); err != nil {
				return fmt.Errorf("%s: %w", st.desc, err)
			}
		}
	}

	_, _ = fmt.Fprintf(out, "\n### A sign-up, %d a second, whatever the receiver does\n\n", rate)
	_, _ = fmt.Fprintln(out, "Where the receiver is fast, the CPU time has the delivery in it. Where it hangs or is gone, it has the tries until the last answer, and no row has what comes later.")
	_, _ = fmt.Fprintln(out, "\n| | CPU time of Traefik, µs a sign-up | added | median latency, ms | added | p99, ms |")
	_, _ = fmt.Fprintln(out, "|---|---|---|---|---|---|")

	for _, st := range states {
		var cpu, added, p50, later, p99 []time.Duration

		for at, s := range st.rounds {
			cpu, p50, p99 = append(cpu, s.cpu), append(p50, s.p50), append(p99, s.p99)
			added = append(added, s.cpu-states[0].rounds[at].cpu)
			later = append(later, s.p50-states[0].rounds[at].p50)
		}

		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", st.desc, micros(spreadOf(cpu)), micros(spreadOf(added)), millis(spreadOf(p50)), millis(spreadOf(later)), millis(spreadOf(p99)))
	}

	return nil
}
