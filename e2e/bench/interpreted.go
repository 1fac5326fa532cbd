package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/traefik-openwebui/signupwebhook"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/plugincopy"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// interpreted compares the middleware alone, without Traefik and without a
// network, compiled and as Traefik interprets it.
func interpreted(ctx context.Context, p plan, out io.Writer) error {
	standIn, err := webui.StandIn()
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

	plugin, err := interp.Load(gopath, tools.Module, io.Discard, os.Stderr)
	if err != nil {
		return err
	}

	calling, err := interp.Load(gopath, idleModule, io.Discard, os.Stderr)
	if err != nil {
		return err
	}

	// The compiled one says of each delivery that it was made.
	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()

	if os.Stdout, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0); err != nil {
		return err
	}

	if err := passing(ctx, p, out, plugin, calling); err != nil {
		return err
	}

	_, _ = fmt.Fprintln(out, "\n### The middleware alone, compiled and interpreted")
	_, _ = fmt.Fprintln(out, "\nThe time of one call, the stand-in's answer included, without Traefik and without a network in front. The receiver hangs meanwhile;")
	_, _ = fmt.Fprintln(out, "a delivery is what one notice takes when it goes on. Where it is gone, a call takes what it takes here: nobody waits for it.")
	_, _ = fmt.Fprintln(out, "\n| | compiled, µs | interpreted | ratio |\n|---|---|---|---|")

	for _, onDisk := range []bool{false, true} {
		if err := compiledAndInterpreted(ctx, p, out, plugin, standIn, onDisk); err != nil {
			return err
		}
	}

	return nil
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

			took, err := callMany(one, page, calls)
			if err != nil {
				return err
			}

			if round == 0 {
				continue
			}

			one.took = append(one.took, took)
			one.beyond = append(one.beyond, took-handlers[0].took[round-1])
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

// subject is a middleware in front of the stand-in, and who gets its notices.
type subject struct {
	http.Handler

	notices        *inbox
	calls, arrives []time.Duration
}

func compiledAndInterpreted(ctx context.Context, p plan, out io.Writer, plugin *interp.Plugin, standIn http.Handler, onDisk bool) error {
	where := "in memory"
	if onDisk {
		where = "with `stateDir`"
	}

	makers := []func(o options, name string) (http.Handler, error){
		func(o options, name string) (http.Handler, error) {
			c := signupwebhook.CreateConfig()
			c.WebhookURL, _ = o["webhookURL"].(string)
			c.StateDir, _ = o["stateDir"].(string)

			return signupwebhook.New(ctx, standIn, c, name)
		},
		func(o options, name string) (http.Handler, error) { return plugin.New(ctx, standIn, o, name) },
	}

	var both []*subject

	for at, maker := range makers {
		one := &subject{notices: openInbox()}
		defer one.notices.Close()

		o := options{"webhookURL": one.notices.URL}

		if onDisk {
			dir, err := os.MkdirTemp("", "bench-")
			if err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(dir) }()

			o["stateDir"] = dir
		}

		var err error
		if one.Handler, err = maker(o, fmt.Sprintf("bench-%d", at)); err != nil {
			return err
		}

		both = append(both, one)
	}

	for round := range p.rounds + 1 {
		for _, one := range both {
			if err := one.measure(ctx, round > 0); err != nil {
				return err
			}
		}
	}

	write := func(what string, of, to []time.Duration) {
		_, _ = fmt.Fprintf(out, "| %s, %s | %s | %s | %s |\n", what, where, micros(spreadOf(of)), micros(spreadOf(to)), ratio(ratios(to, of)))
	}

	write(signUp.name, both[0].calls, both[1].calls)
	write("its delivery", both[0].arrives, both[1].arrives)

	return nil
}

// measure makes some sign-ups, and then waits for the notices that they make.
func (s *subject) measure(ctx context.Context, counts bool) error {
	const calls = 80

	s.notices.hold()

	took, err := callMany(s, signUp, calls)

	s.notices.release()

	if err != nil {
		return err
	}

	begin := time.Now()
	if err := s.notices.awaitMore(ctx, calls); err != nil {
		return err
	}

	if counts {
		s.calls = append(s.calls, took)
		s.arrives = append(s.arrives, time.Since(begin)/calls)
	}

	return nil
}

func callMany(handler http.Handler, k kind, count int) (time.Duration, error) {
	begin := time.Now()

	for range count {
		req := httptest.NewRequest(k.method, k.path, bytes.NewReader(k.body()))
		req.Header.Set("Content-Type", k.contentType)

		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, req)

		if answer.Code != http.StatusOK {
			return 0, fmt.Errorf("%w: %s was answered with %d", errRefused, k.name, answer.Code)
		}
	}

	return time.Since(begin) / time.Duration(count), nil
}
