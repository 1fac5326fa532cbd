package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	newest := traefiks[len(traefiks)-1]

	tests := []struct {
		desc string
		args []string
		want string
		err  bool
	}{
		{desc: "all", want: fmt.Sprint([]with{
			{openWebUIs[0], []string{newest}}, {openWebUIs[1], []string{newest}}, {openWebUIs[2], []string{newest}}, {openWebUIs[3], []string{newest}}, {openWebUIs[4], traefiks},
		}, true, "")},
		{desc: "some Traefiks", args: []string{"-traefik", "3.0.4,3.3.6"}, want: fmt.Sprint([]with{{openWebUIs[4], []string{"3.0.4", "3.3.6"}}}, false, "")},
		{desc: "an Open WebUI", args: []string{"-openwebui=0.5.20"}, want: fmt.Sprint([]with{{"0.5.20", []string{newest}}}, false, "")},
		{desc: "both, and a file", args: []string{"-openwebui=0.5.20,0.6.43", "-traefik=3.0.4", "-out", "x.md"},
			want: fmt.Sprint([]with{{"0.5.20", []string{"3.0.4"}}, {"0.6.43", []string{"3.0.4"}}}, false, "x.md")},
		{desc: "help", args: []string{"-h"}, err: true},
		{desc: "no release", args: []string{"-traefik", "3.7"}, err: true},
		{desc: "an empty release", args: []string{"-traefik", "3.0.4,"}, err: true},
		{desc: "no option", args: []string{"3.0.4"}, err: true},
		{desc: "an unknown option", args: []string{"-x"}, err: true},
	}

	for _, test := range tests {
		var says bytes.Buffer

		o, err := parse(test.args, &says)
		if (err != nil) != test.err {
			t.Errorf("%s: got: %v, want an error: %v", test.desc, err, test.err)
		}

		if test.err {
			if !strings.Contains(says.String(), "-openwebui") || errors.Is(err, flag.ErrHelp) != (test.desc == "help") {
				t.Errorf("%s: got: %v, %q, want: the options, and help only where it is asked for", test.desc, err, says.String())
			}

			continue
		}

		if got := fmt.Sprint(o.plan, o.all, o.out); got != test.want {
			t.Errorf("%s: got: %s, want: %s", test.desc, got, test.want)
		}
	}
}

// tried is a row with as many accounts in each cell.
func tried(traefik, on string, accounts int) *pair {
	p := &pair{traefik: traefik, openWebUI: "0.12.4", on: on}
	for range groups {
		p.cells = append(p.cells, cell{accounts, accounts})
	}

	return p
}

func TestPageIsReadBack(t *testing.T) {
	one, two, three := tried("3.0.4", "2026-01-01", 1), tried("3.3.6", "2026-01-01", 2), tried("3.9.9", "2026-01-03", 4)
	one.faults, two.others = []string{"bodies: x: got: a | b"}, []string{"protocols: y"}

	text := page([]*pair{one, two})

	before, err := read(text)
	if err != nil {
		t.Fatal(err)
	}

	if got := page(before); got != text {
		t.Errorf("got: %s, want: %s", got, text)
	}

	// Its row is replaced, its lines too, and a new pair comes last.
	again := tried("3.0.4", "2026-01-02", 3)
	if got, want := page(merge(before, []*pair{again, three})), page([]*pair{again, two, three}); got != want {
		t.Errorf("got: %s, want: %s", got, want)
	}

	for _, broken := range []string{"", strings.ReplaceAll(text, "bodies |", "body |"), strings.ReplaceAll(text, "1 of 1", "one")} {
		if _, err := read(broken); err == nil {
			t.Errorf("got: no error of %q, want: one", broken)
		}
	}
}

func TestVerdict(t *testing.T) {
	tests := []struct {
		desc  string
		spoil func(p *pair)
		want  string
	}{
		{desc: "all well", spoil: func(*pair) {}},
		{desc: "misannounced", spoil: func(p *pair) { p.faults = []string{"bodies: x"} }, want: "Traefik 3.0.4, Open WebUI 0.12.4: bodies: x"},
		{desc: "unexpected", spoil: func(p *pair) { p.others = []string{"bodies: y"} }, want: "Traefik 3.0.4, Open WebUI 0.12.4: bodies: y"},
		{desc: "an empty cell", spoil: func(p *pair) { p.cells[2] = cell{} }, want: "Traefik 3.0.4, Open WebUI 0.12.4: " + groups[2].name + ": got: no account at all, want: some"},
	}

	for _, test := range tests {
		p := tried("3.0.4", "2026-01-01", 1)
		test.spoil(p)

		got := ""
		if err := verdict([]*pair{tried("3.3.6", "2026-01-01", 1), p}); err != nil {
			got = err.Error()
		}

		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}
