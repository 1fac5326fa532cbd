package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// startUp measures how long Traefik takes to answer, and its memory then.
func startUp(ctx context.Context, p plan, out io.Writer) error {
	all, err := pluginsWithPeers(ctx)
	if err != nil {
		return err
	}

	backend, err := open()
	if err != nil {
		return err
	}
	defer backend.Close()

	type starting struct {
		desc     string
		alias    string
		options  options
		kind     kind
		took     []time.Duration
		resident []float64
	}

	page := page.answered(backend.Config.Handler)
	starts := []*starting{
		{desc: "no plugin", kind: page},
		{desc: "a plugin that only calls next", alias: idle, options: options{}, kind: page},
		{desc: "**ours**", alias: traefik.Alias, options: options{"webhookURL": gone}, kind: page},
		{desc: "plugindemo", alias: demo, options: peers[demo].options, kind: page},
		{desc: "rewrite-body", alias: rewriteBody, options: peers[rewriteBody].options, kind: page.answered(backend.Config.Handler, "stands in", "stood in")},
	}

	for range p.rounds {
		for _, st := range starts {
			plugins, r := map[string]string{}, router{host: "chat.test", plugin: st.alias, options: st.options}
			if st.alias != "" {
				plugins[st.alias] = all[st.alias]
			}

			s, err := start(ctx, plugins, backend.URL, []router{r})
			if err != nil {
				return fmt.Errorf("%s: %w", st.desc, err)
			}

			s.Kill()

			took, resident, err := restart(ctx, s, r.host, st.kind)
			s.Stop()

			if err != nil {
				return fmt.Errorf("%s: %w", st.desc, err)
			}

			st.took = append(st.took, took)
			st.resident = append(st.resident, float64(resident)/(1<<20))
		}
	}

	_, _ = fmt.Fprintln(out, "\n### Start-up\n\n| | until the router answers, ms | memory then, MiB |\n|---|---|---|")

	for _, st := range starts {
		took, resident := spreadOf(st.took), spreadOf(st.resident)
		_, _ = fmt.Fprintf(out, "| %s | %s | %.0f (%.0f–%.0f) |\n", st.desc, millis(took), resident.median, resident.low, resident.high)
	}

	return nil
}

// restart starts a Traefik again, and tells how long its router takes to answer as
// it should, and the memory then.
func restart(ctx context.Context, s *traefik.Server, host string, k kind) (time.Duration, int64, error) {
	begin, started := time.Now(), make(chan error, 1)

	go func() { started <- s.Restart(ctx) }()

	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()

	last := errors.New("not asked yet")

	for last != nil {
		select {
		case <-ctx.Done():
			return 0, 0, fmt.Errorf("%w: the router does not answer: %w", errRefused, last)
		case <-time.After(time.Millisecond):
		}

		if err := ask(ctx, s.URL(), host, k); ctx.Err() == nil {
			last = err
		}
	}

	took := time.Since(begin)

	if err := <-started; err != nil {
		return 0, 0, err
	}

	resident, err := residentOf(s.PID())

	return took, resident, err
}

// ask makes one request.
func ask(ctx context.Context, url, host string, k kind) error {
	req, err := http.NewRequestWithContext(ctx, k.method, url+k.path, nil)
	if err != nil {
		return err
	}

	req.Host, req.Header, req.Close = host, k.header(newGuest()), true

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}

	return k.check(res.StatusCode, body)
}

// flat shows memory and goroutines over many sign-ups and many reloads.
func flat(ctx context.Context, p plan, out io.Writer) error {
	backend, err := open()
	if err != nil {
		return err
	}
	defer backend.Close()

	notices := openInbox()
	defer notices.Close()

	r := router{host: "chat.test", plugin: traefik.Alias, options: options{"webhookURL": notices.URL}}

	s, err := startOurs(ctx, backend.URL, []router{r})
	if err != nil {
		return err
	}
	defer s.Stop()

	// do does some of it, and tells how many.
	over := func(title, what string, total int, do func(count int) (int, error)) error {
		const steps = 48

		var memory, goroutines plotter.XYs

		done := 0

		for step := range steps + 1 {
			if step > 0 {
				count, err := do(step*total/steps - (step-1)*total/steps)
				if err != nil {
					return err
				}

				done += count
			}

			resident, err := residentOf(s.PID())
			if err != nil {
				return err
			}

			running, err := goroutinesOf(ctx, s)
			if err != nil {
				return err
			}

			memory = append(memory, plotter.XY{X: float64(done), Y: float64(resident) / (1 << 20)})
			goroutines = append(goroutines, plotter.XY{X: float64(done), Y: float64(running)})
		}

		if err := draw(filepath.Join(p.folder, title+".svg"), what, memory, goroutines); err != nil {
			return err
		}

		half, last := memory[len(memory)/2], memory[len(memory)-1]

		_, _ = fmt.Fprintf(out, "\nOver %d %s: %.0f MiB at the start, %.0f MiB at half, %.0f MiB at the end; %.0f, %.0f and %.0f goroutines.\n",
			done, what, memory[0].Y, half.Y, last.Y, goroutines[0].Y, goroutines[len(goroutines)/2].Y, goroutines[len(goroutines)-1].Y)

		if err := level("MiB", memory, 8); err != nil {
			return fmt.Errorf("over %s: %w", what, err)
		}

		if err := level("goroutines", goroutines, 20); err != nil {
			return fmt.Errorf("over %s: %w", what, err)
		}

		return nil
	}

	_, _ = fmt.Fprintln(out, "\n### Memory and goroutines")

	err = over("sign-ups", "sign-ups", p.signUps, func(count int) (int, error) {
		done := 0

		// As many as wait in memory, again and again.
		for done < count {
			lasting := time.Duration(min(count-done, most)) * time.Second / time.Duration(p.rate)

			got, err := attack(ctx, through(s, r.host), signUp.answered(backend.Config.Handler), load{rate: p.rate, lasting: lasting, notices: notices})
			if err != nil {
				return 0, err
			}

			done += got.sent
		}

		return done, nil
	})
	if err != nil {
		return err
	}

	err = over("reloads", "reloads", p.reloads, func(count int) (int, error) {
		for range count {
			if err := s.Reload(ctx); err != nil {
				return 0, err
			}
		}

		return count, nil
	})

	if err == nil {
		_, _ = fmt.Fprintln(out, "\n![over sign-ups](sign-ups.svg) ![over reloads](reloads.svg)")
	}

	return err
}

// level tells whether something still grew after the first half: by more than a
// twentieth, and by more than it goes up and down by itself.
func level(what string, series plotter.XYs, slack float64) error {
	quarter := func(from int) float64 {
		var values []float64
		for _, point := range series[from*len(series)/4 : (from+1)*len(series)/4] {
			values = append(values, point.Y)
		}

		return spreadOf(values).median
	}

	before, after := quarter(1), quarter(3)
	if after > before+before/20+slack {
		return fmt.Errorf("%w: what should be level grew, from %.0f %s in the second quarter to %.0f in the last", errRefused, before, what, after)
	}

	return nil
}

func draw(file, what string, memory, goroutines plotter.XYs) error {
	p := plot.New()
	p.Title.Text = "Traefik with signupwebhook"
	p.X.Label.Text = what
	p.Y.Label.Text = "MiB resident, goroutines"
	p.Y.Min = 0
	p.Legend.Top = false

	for at, series := range []plotter.XYs{memory, goroutines} {
		line, err := plotter.NewLine(series)
		if err != nil {
			return err
		}

		if at > 0 {
			line.Dashes = []vg.Length{vg.Points(3), vg.Points(3)}
		}

		p.Add(line)
		p.Legend.Add([]string{"memory", "goroutines"}[at], line)
	}

	return p.Save(12*vg.Centimeter, 8*vg.Centimeter, file)
}
