package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// growth shows how the cost grows with what there may be more of.
func growth(ctx context.Context, p plan, out io.Writer) error {
	_, _ = fmt.Fprintln(out, "\n### How the cost grows")

	for _, part := range []func(context.Context, plan, io.Writer) error{byRate, byWaiting, byRouters, bySize} {
		if err := part(ctx, p, out); err != nil {
			return err
		}
	}

	return nil
}

// rows writes a table of what each value of something costs without and with
// the plugin.
type rows struct {
	out io.Writer
}

func newRows(out io.Writer, what, each string) rows {
	_, _ = fmt.Fprintf(out, "\n| %s | no plugin, µs CPU a %s | ours | ratio |\n|---|---|---|---|\n", what, each)
	return rows{out: out}
}

func (r rows) add(value any, rate int, got turns) error {
	if err := outpaced(rate, got.alone, got.none); err != nil {
		return fmt.Errorf("%v: %w", value, err)
	}

	none, ours := each(got.none, cpu), each(got.ours, cpu)
	_, _ = fmt.Fprintf(r.out, "| %v | %s | %s | %s |\n", value, micros(spreadOf(none)), micros(spreadOf(ours)), ratio(ratios(ours, none)))

	return nil
}

// pair is a Traefik with two routers to one backend: none.test, and with the
// plugin ours.test.
func pair(ctx context.Context, backend string, o options, more ...router) (*traefik.Server, error) {
	routers := append([]router{{host: "none.test"}, {host: "ours.test", plugin: traefik.Alias, options: o}}, more...)

	return startOurs(ctx, backend, routers)
}

// turns are the rounds of the backend itself, of the router without the plugin,
// and of that with it.
type turns struct{ alone, none, ours []sample }

// turnsOf attacks the three in turn.
func turnsOf(ctx context.Context, p plan, s *traefik.Server, backend string, k kind, l load) (turns, error) {
	var rounds [3][]sample

	for round := range p.rounds + 1 {
		for at, to := range []front{direct(backend), through(s, "none.test"), through(s, "ours.test")} {
			sent := l
			if to.host != "ours.test" {
				sent.notices = nil
			}

			got, err := attack(ctx, to, k, sent)
			if err != nil {
				return turns{}, fmt.Errorf("%s at %s: %w", k.name, to.host, err)
			}

			if round > 0 { // the first is for warming up
				rounds[at] = append(rounds[at], got)
			}
		}
	}

	return turns{rounds[0], rounds[1], rounds[2]}, nil
}

func byRate(ctx context.Context, p plan, out io.Writer) error {
	backend, err := open()
	if err != nil {
		return err
	}
	defer backend.Close()

	s, err := pair(ctx, backend.URL, options{"webhookURL": gone})
	if err != nil {
		return err
	}
	defer s.Stop()

	table := newRows(out, "pages a second", "page")

	for _, rate := range []int{100, 200, 400, 800, 0} {
		got, err := turnsOf(ctx, p, s, backend.URL, page.answered(backend.Config.Handler), load{rate: rate, lasting: p.lasting})
		if err != nil {
			return err
		}

		value := any(rate)
		if rate == 0 {
			value = "as many as can be"
		}

		if err := table.add(value, rate, got); err != nil {
			return err
		}
	}

	return nil
}

func byWaiting(ctx context.Context, p plan, out io.Writer) error {
	l := load{rate: 20, lasting: 2 * time.Second}

	backend, err := open()
	if err != nil {
		return err
	}
	defer backend.Close()

	_, _ = fmt.Fprintf(out, "\nNo more than %d notices wait, those of the measured sign-ups with them.\n", outbox.MaxOnDisk)

	table := newRows(out, "notices that wait in `stateDir`, the receiver being gone", "sign-up")
	signUps := 2 * (p.rounds + 1) * l.rate * int(l.lasting.Seconds()) // twice, for what is disturbed

	for _, waiting := range []int{0, 1000, outbox.MaxOnDisk - signUps} {
		dir, err := os.MkdirTemp("", "bench-")
		if err != nil {
			return err
		}

		err = leave(dir, waiting)
		if err == nil {
			err = byWaitingOne(ctx, p, backend.URL, signUp.answered(backend.Config.Handler), dir, l, waiting, table)
		}

		_ = os.RemoveAll(dir)

		if err != nil {
			return err
		}
	}

	return nil
}

func byWaitingOne(ctx context.Context, p plan, backend string, k kind, dir string, l load, waiting int, table rows) error {
	s, err := pair(ctx, backend, options{"webhookURL": gone, "stateDir": dir})
	if err != nil {
		return err
	}
	defer s.Stop()

	l.notices, l.later = newInbox(), true // which is gone: its notices are in the files

	got, err := turnsOf(ctx, p, s, backend, k, l)
	if err != nil {
		return err
	}

	if err := stored(dir, waiting+l.notices.expected()); err != nil {
		return err
	}

	return table.add(waiting, l.rate, got)
}

// stored looks whether a state folder has so many notices.
func stored(dir string, want int) error {
	files, err := filepath.Glob(filepath.Join(dir, "*", "new", "*.json"))
	if err != nil {
		return err
	}

	if len(files) != want {
		return fmt.Errorf("%w: of %d notices %d are stored", errRefused, want, len(files))
	}

	return nil
}

// leave writes notices that wait, as an earlier Traefik would have.
func leave(dir string, count int) error {
	const middleware = "ours@file"

	folder := outbox.NewFolder(dir, middleware, outbox.NewDisk())

	for i := range count {
		notice := &outbox.Notice{
			ID:       delivery.WebhookID(middleware, fmt.Sprint("account ", i)),
			Fields:   map[string]string{"name": fmt.Sprint("who waits, no. ", i)},
			Accepted: time.Now().Add(-time.Hour),
		}

		if err := outbox.Write(folder, outbox.FileName(notice), notice); err != nil {
			return err
		}
	}

	return nil
}

func byRouters(ctx context.Context, p plan, out io.Writer) error {
	backend, err := open()
	if err != nil {
		return err
	}
	defer backend.Close()

	table := newRows(out, "routers with the middleware", "page")

	for _, count := range []int{1, 10, 100} {
		var more []router
		for i := range count - 1 {
			more = append(more, router{host: fmt.Sprintf("more%d.test", i), plugin: traefik.Alias, options: options{"webhookURL": gone}})
		}

		s, err := pair(ctx, backend.URL, options{"webhookURL": gone}, more...)
		if err != nil {
			return err
		}

		got, err := turnsOf(ctx, p, s, backend.URL, page.answered(backend.Config.Handler), load{rate: p.rate, lasting: p.lasting})
		s.Stop()

		if err != nil {
			return err
		}

		if err := table.add(count, p.rate, got); err != nil {
			return err
		}
	}

	return nil
}

// bySize has answers from the usual two kilobytes up to what a picture of
// twelve megabytes makes of them.
func bySize(ctx context.Context, p plan, out io.Writer) error {
	const (
		rate  = 10
		begin = `{"id":"%09d","email":"tim@example.org","name":"%s","role":"user","profile_image_url":"`
		end   = `"}`
	)

	notices := openInbox()
	defer notices.Close()

	var made atomic.Int64

	_, _ = fmt.Fprintf(out, "\n| bytes of a sign-up's answer | %s, µs median latency | no plugin | ours | ratio |\n|---|---|---|---|---|\n", alone)

	for _, size := range []int{2 << 10, 64 << 10, 1 << 20, 4 << 20, 16 << 20} {
		padding := strings.Repeat("x", size)

		backend := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
			_, _ = io.Copy(io.Discard, req.Body)

			begin := fmt.Sprintf(begin, made.Add(1), req.Header.Get(guest))

			rw.Header().Set("Content-Type", "application/json")
			rw.Header().Set("Content-Length", fmt.Sprint(len(begin)+size+len(end)))
			_, _ = io.WriteString(rw, begin)
			_, _ = io.WriteString(rw, padding)
			_, _ = io.WriteString(rw, end)
		}))

		s, err := pair(ctx, backend.URL, options{"webhookURL": notices.URL})
		if err != nil {
			backend.Close()
			return err
		}

		// Without a body, for Traefik 3.7 cuts one in some thousand long answers
		// to requests with one off, with and without a plugin.
		asked := signUp
		asked.body = nil
		asked.want = func(body []byte) bool {
			return len(body) > size && bytes.HasPrefix(body, []byte(`{"id":"`)) && bytes.HasSuffix(body, []byte(padding+end))
		}

		got, err := turnsOf(ctx, p, s, backend.URL, asked, load{rate: rate, lasting: 2 * time.Second, notices: notices})

		s.Stop()
		backend.Close()

		if err != nil {
			return err
		}

		// A long one takes its time to be sent and read, whoever is between.
		if size <= 2<<10 {
			if err := outpaced(rate, got.alone, got.none); err != nil {
				return err
			}
		}

		alone, none, ours := each(got.alone, p50), each(got.none, p50), each(got.ours, p50)
		_, _ = fmt.Fprintf(out, "| %d | %s | %s | %s | %s |\n", size, micros(spreadOf(alone)), micros(spreadOf(none)), micros(spreadOf(ours)), ratio(ratios(ours, none)))
	}

	return nil
}
