package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"time"

	"github.com/traefik-openwebui/signupwebhook"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/plugincopy"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// interpreted compares the middleware alone, without Traefik and without a
// network, compiled and as Traefik interprets it.
func interpreted(ctx context.Context, p plan, out io.Writer) error {
	standIn, err := newBackend()
	if err != nil {
		return err
	}

	gopath, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(gopath) }()

	if _, err := plugincopy.Repository(gopath); err != nil {
		return err
	}

	idleSource, err := idlePlugin()
	if err != nil {
		return err
	}

	idleModule, err := plugincopy.Into(gopath, idleSource)
	if err != nil {
		return err
	}

	plugin, err := interp.Load(gopath, tools.Module, io.Discard, io.Discard)
	if err != nil {
		return err
	}

	calling, err := interp.Load(gopath, idleModule, io.Discard, io.Discard)
	if err != nil {
		return err
	}

	// The compiled one says of each delivery that it was made, and why not.
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)

	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()

	if os.Stdout, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0); err != nil {
		return err
	}

	if err := passing(ctx, p, out, plugin, calling); err != nil {
		return err
	}

	return sideBySide(ctx, p, out, plugin, standIn)
}

// passing compares what the middleware takes for a request that it does not
// watch with a plugin that only calls next: too little to show among what else
// Traefik does.
func passing(ctx context.Context, p plan, out io.Writer, plugin, calling *interp.Plugin) error {
	next := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusOK) })
	ours := options{"webhookURL": "http://127.0.0.1:9/"} // nobody is announced

	idling, err := calling.New(ctx, next, options{}, "idle")
	if err != nil {
		return err
	}

	interpreted, err := plugin.New(ctx, next, ours, "passing")
	if err != nil {
		return err
	}

	c := signupwebhook.CreateConfig()
	c.WebhookURL, _ = ours["webhookURL"].(string)

	compiled, err := signupwebhook.New(ctx, next, c, "passing")
	if err != nil {
		return err
	}

	handlers := []struct {
		desc string
		http.Handler
		took, beyond []time.Duration
	}{
		{desc: "no plugin", Handler: next},
		{desc: "a plugin that only calls next", Handler: idling},
		{desc: "**ours**", Handler: interpreted},
		{desc: "ours, compiled", Handler: compiled},
	}

	const calls = 20_000

	for round := range p.rounds + 1 {
		for at := range handlers {
			one := &handlers[at]

			took, err := spend(calls, func() error { return callMany(one, page, calls, nil) })
			if err != nil {
				return err
			}

			if round == 0 {
				continue
			}

			one.took = append(one.took, took.wall)
			one.beyond = append(one.beyond, took.wall-handlers[0].took[round-1])
		}
	}

	_, _ = fmt.Fprintln(out, "\n### A request that is not watched, without Traefik and without a network")
	_, _ = fmt.Fprintln(out, "\nThe time of one call, with the test's own request and answer.")
	_, _ = fmt.Fprintln(out, "\n| through | ns | beyond no plugin's |\n|---|---|---|")

	for _, one := range handlers {
		_, _ = fmt.Fprintf(out, "| %s | %s | %s |\n", one.desc, nanos(spreadOf(one.took)), nanos(spreadOf(one.beyond)))
	}

	return nil
}

// receiverState is what the receiver does while people sign up.
type receiverState string

const (
	fast    receiverState = "the receiver is fast"
	hanging receiverState = "it hangs"
	away    receiverState = "it is gone"
)

// sideBySide compares what a sign-up takes whatever the receiver does.
func sideBySide(ctx context.Context, p plan, out io.Writer, plugin *interp.Plugin, standIn http.Handler) error {
	stateDir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(stateDir) }()

	_, _ = fmt.Fprintln(out, "\n### The middleware alone, compiled and interpreted")
	_, _ = fmt.Fprintln(out, "\nWhat a sign-up takes beyond the stand-in's own time, without Traefik and without a network in front: one call, and the CPU time of the")
	_, _ = fmt.Fprintln(out, "process. Where the receiver is fast, that has the delivery in it, with the receiver's part. Where it hangs, a delivery is what one notice")
	_, _ = fmt.Fprintln(out, "takes when it goes on.")
	_, _ = fmt.Fprintln(out, "\n| | compiled, µs | interpreted | ratio |\n|---|---|---|---|")

	for _, dir := range []string{"", stateDir} {
		for _, state := range []receiverState{fast, hanging, away} {
			both, err := compiledAndInterpreted(ctx, p, plugin, standIn, dir, state)
			if err != nil {
				return fmt.Errorf("%s: %w", state, err)
			}

			where := "in memory"
			if dir != "" {
				where = "with `stateDir`"
			}

			write := func(what string, take func(*subject) []time.Duration) {
				of, to := take(both[0]), take(both[1])
				_, _ = fmt.Fprintf(out, "| %s, %s: %s | %s | %s | %s |\n", where, state, what, micros(spreadOf(of)), micros(spreadOf(to)), ratio(ratios(to, of)))
			}

			write("a call", func(s *subject) []time.Duration { return s.calls })
			write("CPU time", func(s *subject) []time.Duration { return s.cpu })

			if state == hanging {
				write("a delivery", func(s *subject) []time.Duration { return s.deliveries })
			}
		}
	}

	return nil
}

// subject is a middleware in front of the stand-in, compiled or interpreted, and
// who gets its notices.
type subject struct {
	http.Handler

	notices *inbox
	address string // of the notices

	calls, cpu, deliveries []time.Duration
}

func compiledAndInterpreted(ctx context.Context, p plan, plugin *interp.Plugin, standIn http.Handler, dir string, state receiverState) ([2]*subject, error) {
	compiled := func(o options, name string) (http.Handler, error) {
		c := signupwebhook.CreateConfig()
		c.WebhookURL, _ = o["webhookURL"].(string)
		c.StateDir, _ = o["stateDir"].(string)

		return signupwebhook.New(ctx, standIn, c, name)
	}
	interpreted := func(o options, name string) (http.Handler, error) { return plugin.New(ctx, standIn, o, name) }

	var both [2]*subject

	for at, maker := range []func(o options, name string) (http.Handler, error){compiled, interpreted} {
		address, err := freeAddress()
		if err != nil {
			return both, err
		}

		one := &subject{notices: newInbox(), address: address}
		both[at] = one

		if state != away {
			if err := one.notices.listenAt(address); err != nil {
				return both, err
			}
			defer one.notices.Close()
		}

		o := options{"webhookURL": "http://" + address}
		if dir != "" {
			o["stateDir"] = dir
		}

		if one.Handler, err = maker(o, fmt.Sprintf("bench %d %t %s", at, dir != "", state)); err != nil {
			return both, err
		}
	}

	for round := range p.rounds + 1 {
		for _, one := range both {
			if err := one.measure(ctx, standIn, state, round > 0); err != nil {
				return both, err
			}
		}
	}

	return both, nil
}

// measure makes some sign-ups, and then waits for the notices that they make.
func (s *subject) measure(ctx context.Context, standIn http.Handler, state receiverState, counts bool) error {
	const calls = 80

	k := signUp.answered(standIn)

	alone, err := spend(calls, func() error { return callMany(standIn, k, calls, nil) })
	if err != nil {
		return err
	}

	if state == hanging {
		s.notices.hold()
	}

	called, err := spend(calls, func() error { return callMany(s, k, calls, s.notices) })

	if state == hanging {
		s.notices.release()
	}

	if err != nil {
		return err
	}

	if state == away {
		if err := s.notices.listenAt(s.address); err != nil {
			return err
		}
		defer s.notices.Close()
	}

	delivered, err := spend(calls, func() error { return s.notices.await(ctx) })
	if err != nil || !counts {
		return err
	}

	cpu := called.cpu - alone.cpu
	if state == fast {
		cpu += delivered.cpu
	}

	s.calls = append(s.calls, called.wall-alone.wall)
	s.cpu = append(s.cpu, cpu)
	s.deliveries = append(s.deliveries, delivered.wall)

	return nil
}

// spent is what each of several took.
type spent struct {
	wall, cpu time.Duration // cpu is the whole process's
}

func spend(count int, do func() error) (spent, error) {
	var before, after syscall.Rusage

	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		return spent{}, err
	}

	begin := time.Now()
	err := do()
	wall := time.Since(begin)

	if err == nil {
		err = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	}

	had := func(r syscall.Rusage) int64 { return r.Utime.Nano() + r.Stime.Nano() }

	return spent{wall: wall / time.Duration(count), cpu: time.Duration(had(after)-had(before)) / time.Duration(count)}, err
}

func callMany(handler http.Handler, k kind, count int, notices *inbox) error {
	for range count {
		name := newGuest()
		if notices != nil {
			notices.expect(name)
		}

		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, k.request(name))

		if err := k.check(answer.Code, answer.Body.Bytes()); err != nil {
			return err
		}
	}

	return nil
}
