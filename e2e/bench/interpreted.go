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

	plugin, err := interp.Load(gopath, tools.Module, io.Discard, os.Stderr)
	if err != nil {
		return err
	}

	// The compiled one says of each delivery that it was made.
	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()

	if os.Stdout, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0); err != nil {
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

// subject is a middleware in front of the stand-in, and who gets its notices.
type subject struct {
	http.Handler

	notices        *inbox
	calls, arrives map[string][]time.Duration // by the kind of the request
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
		one := &subject{notices: openInbox(), calls: map[string][]time.Duration{}, arrives: map[string][]time.Duration{}}
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

	kinds := []kind{signUp}
	if !onDisk {
		kinds = []kind{page, signUp}
	}

	for round := range p.rounds + 1 {
		for _, k := range kinds {
			for _, one := range both {
				if err := one.measure(ctx, k, round > 0); err != nil {
					return err
				}
			}
		}
	}

	write := func(what string, of, to []time.Duration) {
		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s |\n", what, micros(spreadOf(of)), micros(spreadOf(to)), ratio(ratios(to, of)))
	}

	for _, k := range kinds {
		if k.name == page.name {
			write(k.name, both[0].calls[k.name], both[1].calls[k.name])
			continue
		}

		write(k.name+", "+where, both[0].calls[k.name], both[1].calls[k.name])
		write("its delivery, "+where, both[0].arrives[k.name], both[1].arrives[k.name])
	}

	return nil
}

// measure makes some calls, and then waits for the notices that they make.
func (s *subject) measure(ctx context.Context, k kind, counts bool) error {
	const calls = 80

	s.notices.hold()

	took, err := callMany(s, k, calls)

	s.notices.release()

	if err != nil {
		return err
	}

	notices := uint64(calls)
	if k.name == page.name {
		notices = 0
	}

	begin := time.Now()
	if err := s.notices.awaitMore(ctx, notices); err != nil {
		return err
	}

	if counts {
		s.calls[k.name] = append(s.calls[k.name], took)
		s.arrives[k.name] = append(s.arrives[k.name], time.Since(begin)/calls)
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
