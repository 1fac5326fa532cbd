package main

import (
	"context"
	"fmt"
	"io"
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
		took     []time.Duration
		resident []float64
	}

	starts := []*starting{
		{desc: "no plugin"},
		{desc: "a plugin that only calls next", alias: idle},
		{desc: "**ours**", alias: traefik.Alias},
		{desc: "plugindemo", alias: demo},
		{desc: "rewrite-body", alias: rewriteBody},
	}

	for range p.rounds {
		for _, st := range starts {
			plugins, r := map[string]string{}, router{host: "chat.test", plugin: st.alias, options: options{}}
			if st.alias != "" {
				plugins[st.alias] = all[st.alias]
			}

			if st.alias == traefik.Alias {
				r.options["webhookURL"] = gone
			}

			s, err := start(ctx, plugins, backend.URL, []router{r})
			if err != nil {
				return fmt.Errorf("%s: %w", st.desc, err)
			}

			s.Kill()

			begin := time.Now()

			if err := s.Restart(ctx); err != nil {
				return fmt.Errorf("%s: %w", st.desc, err)
			}

			st.took = append(st.took, time.Since(begin))

			resident, err := residentOf(s.PID())
			s.Stop()

			if err != nil {
				return err
			}

			st.resident = append(st.resident, float64(resident)/(1<<20))
		}
	}

	_, _ = fmt.Fprintln(out, "\n### Start-up\n\n| | until it answers, ms | memory then, MiB |\n|---|---|---|")

	for _, st := range starts {
		took, resident := spreadOf(st.took), spreadOf(st.resident)
		_, _ = fmt.Fprintf(out, "| %s | %s | %.0f (%.0f–%.0f) |\n", st.desc, millis(took), resident.median, resident.low, resident.high)
	}

	return nil
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

	over := func(title, what string, total, steps int, do func(count int) error) error {
		var memory, goroutines plotter.XYs

		for step := range steps + 1 {
			if step > 0 {
				if err := do(total / steps); err != nil {
					return err
				}
			}

			resident, err := residentOf(s.PID())
			if err != nil {
				return err
			}

			running, err := goroutinesOf(ctx, s)
			if err != nil {
				return err
			}

			done := float64(step * total / steps)
			memory = append(memory, plotter.XY{X: done, Y: float64(resident) / (1 << 20)})
			goroutines = append(goroutines, plotter.XY{X: done, Y: float64(running)})
		}

		half, last := memory[len(memory)/2], memory[len(memory)-1]

		_, _ = fmt.Fprintf(out, "\nOver %d %s: %.0f MiB at the start, %.0f MiB at half, %.0f MiB at the end; %.0f, %.0f and %.0f goroutines.\n",
			total, what, memory[0].Y, half.Y, last.Y, goroutines[0].Y, goroutines[len(goroutines)/2].Y, goroutines[len(goroutines)-1].Y)

		return draw(filepath.Join(p.folder, title+".svg"), what, memory, goroutines)
	}

	_, _ = fmt.Fprintln(out, "\n### Memory and goroutines")

	err = over("sign-ups", "sign-ups", p.signUps, 50, func(count int) error {
		// As many as wait in memory, again and again.
		for left := count; left > 0; left -= most {
			lasting := time.Duration(min(left, most)) * time.Second / time.Duration(p.rate)

			_, err := attack(ctx, s, targets(s, r.host, signUp), load{rate: p.rate, lasting: lasting, notices: notices})
			if err != nil {
				return err
			}
		}

		return nil
	})
	if err != nil {
		return err
	}

	err = over("reloads", "reloads", p.reloads, 50, func(count int) error {
		for range count {
			if err := s.Reload(ctx); err != nil {
				return err
			}
		}

		return nil
	})

	if err == nil {
		_, _ = fmt.Fprintln(out, "\n![over sign-ups](sign-ups.svg) ![over reloads](reloads.svg)")
	}

	return err
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
