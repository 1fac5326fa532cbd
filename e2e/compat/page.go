package main

import (
	"fmt"
	"slices"
	"strings"
)

const (
	faultsTitle = "Announced otherwise than it should"
	othersTitle = "Ended otherwise than expected"
)

// columns are the heads of the table.
func columns() []string {
	heads := []string{"Traefik", "Open WebUI"}
	for _, group := range groups {
		heads = append(heads, group.name)
	}

	return append(heads, "tried on")
}

func row(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

func page(pairs []*pair) string {
	var out strings.Builder

	fmt.Fprintf(&out, `# Releases that were tried

Written by `+"`make compat`"+`, with real Traefiks and real Open WebUIs. A cell says how many accounts were announced, once and by
their name, of how many were made, by Open WebUI's own list of its users.%s

`, noOthers(pairs))

	out.WriteString(row(columns()))
	out.WriteString("|" + strings.Repeat("---|", len(columns())) + "\n")

	for _, p := range pairs {
		cells := []string{p.traefik, p.openWebUI}
		for _, c := range p.cells {
			cells = append(cells, fmt.Sprintf("%d of %d", c.announced, c.made))
		}

		out.WriteString(row(append(cells, p.on)))
	}

	out.WriteString(`
- *Spellings*: the path with encoded letters and slashes, with one trailing newline, in absolute form, with queries and fragments, and paths
  that only resemble it. *Own router*: the one for sign-ups alone, with the rule that [router.md](router.md) gives. How many of them make an account differs,
  because the releases of Traefik clean paths differently before they pass them on.
- *Bodies*: UTF-8 with a mark, UTF-16, UTF-32, duplicate keys, chunks, gzip, other content types, 2 MB, Expect: 100-continue, pipelining.
- *Protocols*: HTTP/1.0, HTTP/1.1 over TLS, HTTP/2 over TLS and in cleartext.
- *Clients that leave*: from at once to 800 ms after the last byte, resets, half-closed connections, some bytes short.
- *Other middlewares*: compress, retry, buffering, rateLimit, stripPrefix, basicAuth, all of these, forwardAuth, inFlightReq, headers, errors,
  chain and circuitBreaker before this one; retry, compress, buffering and headers behind it.
`)

	section(&out, faultsTitle, pairs, func(p *pair) []string { return p.faults })
	section(&out, othersTitle, pairs, func(p *pair) []string { return p.others })

	return out.String()
}

// noOthers is what the table's numbers do not say.
func noOthers(pairs []*pair) string {
	if slices.ContainsFunc(pairs, func(p *pair) bool { return len(p.faults) > 0 }) {
		return ""
	}

	return " No notice came without an account."
}

// prefix names the pair before one of its lines.
func (p *pair) prefix() string {
	return fmt.Sprintf("Traefik %s, Open WebUI %s: ", p.traefik, p.openWebUI)
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

			fmt.Fprintf(out, "- %s%s\n", p.prefix(), line)
		}
	}
}

// read takes the rows, and the lines below, back from a page.
func read(text string) ([]*pair, error) {
	var (
		pairs []*pair
		title string
	)

	if !strings.Contains(text, "\n"+row(columns())) {
		return nil, fmt.Errorf("the page has no table with the columns %q: try all pairs", columns())
	}

	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		cells := strings.Split(strings.Trim(line, "| "), " | ")

		switch {
		case strings.HasPrefix(line, "## "):
			title = line[3:]
		case strings.HasPrefix(line, "| ") && cells[0] != columns()[0]:
			p, err := readRow(cells)
			if err != nil {
				return nil, fmt.Errorf("the row %q: %w", line, err)
			}

			pairs = append(pairs, p)
		case strings.HasPrefix(line, "- "):
			for _, p := range pairs {
				after, ok := strings.CutPrefix(line[2:], p.prefix())

				switch {
				case ok && title == faultsTitle:
					p.faults = append(p.faults, after)
				case ok && title == othersTitle:
					p.others = append(p.others, after)
				}
			}
		}
	}

	return pairs, nil
}

func readRow(cells []string) (*pair, error) {
	if len(cells) != len(columns()) {
		return nil, fmt.Errorf("got: %d cells, want: %d", len(cells), len(columns()))
	}

	last := len(cells) - 1
	p := &pair{traefik: cells[0], openWebUI: cells[1], on: cells[last]}

	for _, text := range cells[2:last] {
		var c cell
		if _, err := fmt.Sscanf(text, "%d of %d", &c.announced, &c.made); err != nil {
			return nil, err
		}

		p.cells = append(p.cells, c)
	}

	return p, nil
}

// merge puts what was tried in the place of the same pairs of before, and the rest
// behind them.
func merge(before, tried []*pair) []*pair {
	all := slices.Clone(before)

	for _, p := range tried {
		at := slices.IndexFunc(all, func(one *pair) bool { return one.prefix() == p.prefix() })
		if at < 0 {
			all = append(all, p)
		} else {
			all[at] = p
		}
	}

	return all
}
