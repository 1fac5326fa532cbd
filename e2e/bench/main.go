// Command bench measures what the plugin costs: side by side, in one run and on
// one machine, with no plugin, with one that does nothing, and with others'.
//
//	go run ./bench [-quick] [-rounds 5] [-only traffic,receivers,…] [-out folder]
//
// It writes a report in Markdown and plots in SVG. A run in which a request
// failed, a notice is missing, or the generator was slower than it should be is
// refused: then there is no report, and the exit status is 1.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// plan says how much is measured.
type plan struct {
	rounds  int           // of each case, but for those that warm up
	lasting time.Duration // of a round
	rate    int           // requests a second, below saturation
	signUps int           // over which memory stays flat
	reloads int
	folder  string // where the report is made
}

var (
	full  = plan{rounds: 5, lasting: 2 * time.Second, rate: 400, signUps: 100_000, reloads: 1000}
	quick = plan{rounds: 1, lasting: time.Second, rate: 100, signUps: 2000, reloads: 50}
)

// maxRounds are as many as leave notices to wait beside those of the sign-ups that
// are measured; see byWaiting.
const maxRounds = 100

type part struct {
	name    string
	measure func(context.Context, plan, io.Writer) error
}

// parts stand in the report in this order.
var parts = []part{
	{name: "traffic", measure: traffic},
	{name: "receivers", measure: receivers},
	{name: "interpreted", measure: interpreted},
	{name: "startup", measure: startUp},
	{name: "flat", measure: flat},
	{name: "growth", measure: growth},
}

func main() {
	short := flag.Bool("quick", false, "a minute or two, to see that it works; its numbers mean little")
	only := flag.String("only", "", "the `parts` to measure, with commas between; all of them if not set")
	rounds := flag.Int("rounds", 0, fmt.Sprintf("how many `rounds` of each case; %d if not set", full.rounds))
	out := flag.String("out", filepath.Join("..", "docs", "benchmark"), "the `folder` of the report; with -quick or -only it has to be said")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	p := full
	if *short {
		p = quick
	}

	err := checkFlags(flag.CommandLine)

	if *rounds > 0 {
		p.rounds = *rounds
	}

	if err == nil {
		err = bench(ctx, p, *only, *out)
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// checkFlags keeps a part from being taken for the whole, in the folder that the
// README shows.
func checkFlags(flags *flag.FlagSet) error {
	set := map[string]string{}
	flags.Visit(func(f *flag.Flag) { set[f.Name] = f.Value.String() })

	less := map[string]bool{}
	_, less["quick"] = set["quick"]
	_, less["only"] = set["only"]

	if text, ok := set["rounds"]; ok {
		rounds, _ := strconv.Atoi(text)
		if rounds < 1 || rounds > maxRounds {
			return fmt.Errorf("-rounds %s: want from 1 to %d", text, maxRounds)
		}

		less["rounds"] = rounds < full.rounds
	}

	for _, name := range slices.Sorted(maps.Keys(less)) {
		if less[name] && set["out"] == "" {
			return fmt.Errorf("-%s measures not all of it: say with -out where the report goes", name)
		}
	}

	return nil
}

// bench measures, and writes a report with its plots into a folder when all of
// it went well.
func bench(ctx context.Context, p plan, only, folder string) error {
	var err error
	if p.folder, err = os.MkdirTemp("", "bench-report-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(p.folder) }()

	wanted := strings.FieldsFunc(only, func(r rune) bool { return r == ',' || r == ' ' })

	for _, name := range wanted {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			return fmt.Errorf("there is no part %q", name)
		}
	}

	var report bytes.Buffer

	writeHead(&report, p, only)

	for _, one := range parts {
		if len(wanted) > 0 && !slices.Contains(wanted, one.name) {
			continue
		}

		begin := time.Now()

		if err := one.measure(ctx, p, io.MultiWriter(&report, os.Stdout)); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}

		fmt.Printf("\n(%s: %.0f s)\n", one.name, time.Since(begin).Seconds())
	}

	if err := os.WriteFile(filepath.Join(p.folder, "README.md"), report.Bytes(), 0o644); err != nil {
		return err
	}

	return publish(p.folder, folder)
}

// publish copies the files of a report to where it is shown.
func publish(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}

	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}

	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(from, file.Name()))
		if err != nil {
			return err
		}

		if err := os.WriteFile(filepath.Join(to, file.Name()), data, 0o644); err != nil {
			return err
		}
	}

	return nil
}

func writeHead(out io.Writer, p plan, only string) {
	_, _ = fmt.Fprintf(out, `# What the plugin costs

Written by `+"`make bench`"+` on %s: Traefik %s on %d cores, %s/%s; the backend and the generator of the load share them. Each number is the
median of so many rounds: %d, and %d for a page and a session check at saturation, those of traffic %s long; in brackets the quartiles. The cases take turns in
each round, and ratios are of rounds of the same turn. The absolute numbers are those of this machine; the ratios are what to look at.
`, time.Now().Format("2006-01-02"), tools.TraefikVersion, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, p.rounds, often*p.rounds, p.lasting)

	if only != "" {
		_, _ = fmt.Fprintf(out, "\nThese are parts of it: %s.\n", only)
	}
}
