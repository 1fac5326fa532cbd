package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// gone is where nobody listens.
const gone = "http://127.0.0.1:1/"

// receivers measures what a sign-up costs while the receiver is fast, hangs, or
// is gone. No more than what fits in memory is sent, so that nothing is refused.
func receivers(ctx context.Context, p plan, out io.Writer) error {
	const rate = 100

	backend, err := open()
	if err != nil {
		return err
	}
	defer backend.Close()

	k := signUp.answered(backend.Config.Handler)

	type state struct {
		desc            string
		plugin, onDisk  bool
		hanging, isGone bool
		rounds          []sample
		later           []time.Duration // of CPU, a notice, once the receiver is back
	}

	states := []*state{
		{desc: alone},
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

		to := through(s, r.host)
		if st.desc == alone {
			to = direct(backend.URL)
		}

		// Long enough that the slowest of a hundred are some.
		l := load{rate: rate, lasting: 3 * p.lasting / 2, later: st.hanging || st.isGone}
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

		if _, err := attack(ctx, to, k, warm); err != nil {
			return err
		}

		got, err := attack(ctx, to, k, l)
		if err != nil {
			return err
		}

		st.rounds = append(st.rounds, got)

		if !l.later {
			return nil
		}

		if st.onDisk {
			if err := stored(dir, notices.expected()); err != nil {
				return err
			}
		}

		// Nothing of it was lost meanwhile.
		before, err := to.cpu()
		if err != nil {
			return err
		}

		release()

		if st.isGone {
			if err := notices.listenAt(address); err != nil {
				return err
			}
		}

		if err := notices.await(ctx); err != nil {
			return err
		}

		after, err := to.cpu()
		if err != nil {
			return err
		}

		st.later = append(st.later, (after-before)/time.Duration(notices.expected()))

		return nil
	}

	for range p.rounds {
		for _, st := range states {
			if err := once(st); err != nil {
				return fmt.Errorf("%s: %w", st.desc, err)
			}
		}
	}

	none := states[1].rounds
	if err := outpaced(rate, states[0].rounds, none); err != nil {
		return err
	}

	_, _ = fmt.Fprintf(out, "\n### A sign-up, %d a second, whatever the receiver does\n\n", rate)
	_, _ = fmt.Fprintln(out, "Where the receiver is fast, the CPU time has the delivery in it. Where it hangs or is gone, it has the tries until the last answer;")
	_, _ = fmt.Fprintf(out, "what comes later, when it is back, has a column of its own, with what Traefik does by itself until then. A round has %d sign-ups.\n", none[0].sent)
	_, _ = fmt.Fprintln(out, "\n| | CPU time of Traefik, µs a sign-up | added | later, µs a notice | median latency, ms | added | p99, ms | added |")
	_, _ = fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")

	for _, st := range states {
		onCPU := []string{"", ""}
		if st.desc != alone {
			onCPU = []string{micros(spreadOf(each(st.rounds, cpu))), micros(beyond(st.rounds, none, cpu))}
		}

		later := ""
		if st.later != nil {
			later = micros(spreadOf(st.later))
		}

		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s |\n", st.desc, strings.Join(onCPU, " | "), later,
			millis(spreadOf(each(st.rounds, p50))), millis(beyond(st.rounds, none, p50)),
			millis(spreadOf(each(st.rounds, p99))), millis(beyond(st.rounds, none, p99)))
	}

	return nil
}

// beyond is what each round has more than that of the same turn.
func beyond(rounds, none []sample, take func(sample) time.Duration) spread[time.Duration] {
	var more []time.Duration
	for at, s := range rounds {
		more = append(more, take(s)-take(none[at]))
	}

	return spreadOf(more)
}
