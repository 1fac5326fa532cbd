// Command compat signs people up through several releases of Traefik and of Open
// WebUI and writes what it saw into docs/compatibility.md: for each pair, how
// many accounts were made, by Open WebUI's own list, and how many of them were
// announced as they should.
//
// It tries the two edges of the table: each Traefik with the newest Open WebUI,
// each Open WebUI with the newest Traefik. What is not there is fetched: the
// Open WebUIs take 1.4 to 2 GB each in .tools/. It takes some ten minutes. With
// -traefik or -openwebui it tries fewer, or others, and replaces their rows alone.
//
// It ends with 1 where something was announced otherwise than it should, where an
// attempt ended otherwise than expected, or where a cell of the table is empty.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/e2e/openwebui"
)

// The releases, oldest first. The last ones are those that all other tests use.
var (
	traefiks   = []string{"3.0.4", "3.3.6", "3.5.3", "3.6.15", tools.TraefikVersion}
	openWebUIs = []string{"0.5.20", "0.6.43", "0.8.12", "0.10.2", tools.OpenWebUIVersion}
)

// groups are the columns of the table.
var groups = []struct {
	name     string
	attempts []openwebui.Attempt
}{
	{"spellings, main router", openwebui.Spellings(openwebui.Main)},
	{"spellings, own router", openwebui.Spellings(openwebui.Own)},
	{"bodies", openwebui.Bodies()},
	{"protocols", openwebui.Ways()},
	{"clients that leave", slices.Concat(openwebui.HangUps(openwebui.HTTP11, openwebui.Main), openwebui.HangUps(openwebui.H2C, openwebui.Own))},
	{"other middlewares", openwebui.Behind()},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	o, err := parse(os.Args[1:], os.Stderr)

	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		os.Exit(2) // and it was said why
	}

	if err := compare(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "compat:", err)
		os.Exit(1)
	}
}

// pair is a row of the table.
type pair struct {
	traefik   string
	openWebUI string

	on     string // the day
	cells  []cell
	faults []string // where accounts and notices do not fit
	others []string // where Open WebUI or Traefik does otherwise than today's
}

// cell counts the accounts of a group.
type cell struct{ made, announced int }

func compare(ctx context.Context, o options) error {
	path, before, err := o.target()
	if err != nil {
		return err
	}

	var pairs []*pair

	for _, one := range o.plan {
		more, err := withOpenWebUI(ctx, one.openWebUI, one.traefiks)
		if err != nil {
			return err
		}

		pairs = append(pairs, more...)
	}

	if err := os.WriteFile(path, []byte(page(merge(before, pairs))), 0o644); err != nil {
		return err
	}

	return verdict(pairs)
}

// verdict names all that was not as it should be.
func verdict(pairs []*pair) error {
	var all []error

	for _, p := range pairs {
		lines := slices.Concat(p.faults, p.others)

		for i, c := range p.cells {
			if c.made == 0 {
				lines = append(lines, groups[i].name+": got: no account at all, want: some")
			}
		}

		for _, line := range lines {
			all = append(all, fmt.Errorf("%s%s", p.prefix(), line))
		}
	}

	return errors.Join(all...)
}

func withOpenWebUI(ctx context.Context, version string, traefiks []string) ([]*pair, error) {
	fmt.Printf("Open WebUI %s starts …\n", version)

	app, err := webui.Start(ctx, webui.Options{Version: version})
	if err != nil {
		return nil, err
	}
	defer app.Stop()

	if err := app.Open(ctx); err != nil {
		return nil, err
	}

	var pairs []*pair

	for _, one := range traefiks {
		p := &pair{traefik: one, openWebUI: version, on: time.Now().Format(time.DateOnly)}
		if err := p.try(ctx, app); err != nil {
			return nil, fmt.Errorf("on Traefik %s with Open WebUI %s: %w", one, version, err)
		}

		pairs = append(pairs, p)
	}

	return pairs, nil
}

// check objects to another Traefik than the row names, such as one on PATH.
func (p *pair) check(ctx context.Context) error {
	path, err := tools.Traefik(ctx, p.traefik)
	if err != nil {
		return err
	}

	version, err := tools.TraefikVersionOf(ctx, path)
	if err == nil && version != p.traefik {
		err = fmt.Errorf("%s is Traefik %s, which would stand in the row of another: unset TRAEFIK_BIN, or take it from PATH", path, version)
	}

	return err
}

// try fills a row.
func (p *pair) try(ctx context.Context, app *webui.Server) error {
	sink, err := receiver.Start()
	if err != nil {
		return err
	}
	defer sink.Stop()

	port, err := process.FreePort()
	if err != nil {
		return err
	}

	if err := p.check(ctx); err != nil {
		return err
	}

	server, err := traefik.Start(ctx, traefik.Options{
		Version: p.traefik,
		Static:  openwebui.Static(port),
		Dynamic: openwebui.Dynamic(app.URL(), sink.URL()),
	})
	if err != nil {
		return err
	}
	defer server.Stop()

	front := openwebui.FrontOf(server, port)

	for _, group := range groups {
		results, err := openwebui.Run(ctx, app, sink, func(openwebui.Attempt) openwebui.Front { return front }, group.attempts)
		if err != nil {
			return err
		}

		p.add(group.name, results)
	}

	fmt.Printf("Traefik %s, Open WebUI %s: %v\n", p.traefik, p.openWebUI, p.cells)

	for _, line := range slices.Concat(p.faults, p.others) {
		fmt.Println("  " + line)
	}

	return nil
}

func (p *pair) add(group string, results []openwebui.Result) {
	var c cell

	for _, result := range results {
		c.made += len(result.Accounts)

		if fault := result.Misannounced(); fault == "" {
			c.announced += len(result.Accounts)
		} else {
			p.faults = append(p.faults, fmt.Sprintf("%s: %v: %s", group, result.Attempt, fault))
		}

		if other := result.Unexpected(); other != "" {
			p.others = append(p.others, fmt.Sprintf("%s: %v: %s", group, result.Attempt, other))
		}
	}

	p.cells = append(p.cells, c)
}
