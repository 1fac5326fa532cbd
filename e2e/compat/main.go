// Command compat signs people up through several releases of Traefik and of Open
// WebUI and writes what it saw into docs/compatibility.md: for each pair, how
// many accounts were made, by Open WebUI's own list, and how many of them were
// announced as they should.
//
// It tries the two edges of the table: each Traefik with the newest Open WebUI,
// each Open WebUI with the newest Traefik. What is not there is fetched: the
// Open WebUIs take 1.4 to 2 GB each in .tools/. It takes some ten minutes.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
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

	if err := compare(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "compat:", err)
		os.Exit(1)
	}
}

// pair is a row of the table.
type pair struct {
	traefik   string
	openWebUI string

	cells  []cell
	faults []string // where accounts and notices do not fit
	others []string // where Open WebUI or Traefik does otherwise than today's
}

// cell counts the accounts of a group.
type cell struct{ made, announced int }

func compare(ctx context.Context) error {
	var pairs []*pair

	for _, openWebUI := range openWebUIs {
		with := traefiks[len(traefiks)-1:]
		if openWebUI == openWebUIs[len(openWebUIs)-1] {
			with = traefiks
		}

		more, err := withOpenWebUI(ctx, openWebUI, with)
		if err != nil {
			return err
		}

		pairs = append(pairs, more...)
	}

	if err := write(pairs); err != nil {
		return err
	}

	for _, p := range pairs {
		if len(p.faults) > 0 {
			return errors.New("not every account was announced as it should: see " + file)
		}
	}

	return nil
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
		p := &pair{traefik: one, openWebUI: version}
		if err := p.try(ctx, app); err != nil {
			return nil, fmt.Errorf("on Traefik %s with Open WebUI %s: %w", one, version, err)
		}

		pairs = append(pairs, p)
	}

	return pairs, nil
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

const file = "docs/compatibility.md"

func write(pairs []*pair) error {
	root, err := tools.Root()
	if err != nil {
		return err
	}

	path := filepath.Join(root, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}

	return os.WriteFile(path, []byte(page(pairs, time.Now())), 0o644)
}

func page(pairs []*pair, at time.Time) string {
	var out strings.Builder

	fmt.Fprintf(&out, `# Releases that were tried

Written by `+"`make compat`"+` on %s, with real Traefiks and real Open WebUIs. A cell says how many accounts were announced, once and by
their name, of how many were made, by Open WebUI's own list of its users.%s

`, at.Format(time.DateOnly), noOthers(pairs))

	out.WriteString("| Traefik | Open WebUI |")

	for _, group := range groups {
		out.WriteString(" " + group.name + " |")
	}

	out.WriteString("\n|" + strings.Repeat("---|", len(groups)+2) + "\n")

	for _, p := range pairs {
		fmt.Fprintf(&out, "| %s | %s |", p.traefik, p.openWebUI)

		for _, c := range p.cells {
			fmt.Fprintf(&out, " %d of %d |", c.announced, c.made)
		}

		out.WriteString("\n")
	}

	out.WriteString(`
- *Spellings*: the path with encoded letters and slashes, with one trailing newline, in absolute form, with queries and fragments, and paths
  that only resemble it. *Own router*: the one for sign-ups alone, with the rule that the README gives. How many of them make an account differs,
  because the releases of Traefik clean paths differently before they pass them on.
- *Bodies*: UTF-8 with a mark, UTF-16, UTF-32, duplicate keys, chunks, gzip, other content types, 2 MB, Expect: 100-continue, pipelining.
- *Protocols*: HTTP/1.0, HTTP/1.1 over TLS, HTTP/2 over TLS and in cleartext.
- *Clients that leave*: from at once to 800 ms after the last byte, resets, half-closed connections, some bytes short.
- *Other middlewares* before this one: compress, retry, buffering, rateLimit, stripPrefix, basicAuth, and all of them.
`)

	section(&out, "Announced otherwise than it should", pairs, func(p *pair) []string { return p.faults })
	section(&out, "Where a release does otherwise than the newest", pairs, func(p *pair) []string { return p.others })

	return out.String()
}

// noOthers is what the table's numbers do not say.
func noOthers(pairs []*pair) string {
	if slices.ContainsFunc(pairs, func(p *pair) bool { return len(p.faults) > 0 }) {
		return ""
	}

	return " No notice came without an account."
}

// section lists the lines of all pairs, if there are any.
func section(out *strings.Builder, title string, pairs []*pair, lines func(p *pair) []string) {
	begun := false

	for _, p := range pairs {
		for _, line := range lines(p) {
			if !begun {
				fmt.Fprintf(out, "\n## %s\n\n", title)

				begun = true
			}

			fmt.Fprintf(out, "- Traefik %s, Open WebUI %s: %s\n", p.traefik, p.openWebUI, line)
		}
	}
}
