package main

import (
	"context"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/traps/catalog"
)

const (
	// patience is for a program that ends: they take milliseconds.
	patience = 60 * time.Second
	// hanging is how long a program that hangs is watched.
	hanging = 4 * time.Second
	// tries is how often a race may fail to show.
	tries = 6
)

// workbench has everything built that runs the programs.
type workbench struct {
	root     string // a GOPATH
	compiled string // one program with all programs in it
	yaegi    string
	race     string // "" where there is none
}

func TestEveryProgramHasARowAndEveryRowItsPrograms(t *testing.T) {
	have, err := programs()
	if err != nil {
		t.Fatal(err)
	}

	for _, problem := range unmatched(catalog.Traps, catalog.Right, have) {
		t.Error(problem)
	}
}

func TestThePageHasTheTable(t *testing.T) {
	root, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}

	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}

	want, err := withTable(string(text))
	if err != nil {
		t.Fatal(err)
	}

	if string(text) != want {
		t.Errorf("got: another table in %s than the rows give, want: the same; run `go run ./traps -write` in e2e/", page)
	}
}

func TestAMissingProgramOrRowIsNamed(t *testing.T) {
	rows := []catalog.Trap{{ID: "known"}, {ID: "lost"}, {ID: "known"}}
	fine := []catalog.Fine{{ID: "allowed"}}
	have := []string{"traps/known/right", "traps/known/wrong", "traps/lost/wrong", "traps/stray/right"}

	got := strings.Join(unmatched(rows, fine, have), "\n")
	want := "the row lost has no program traps/lost/right\n" +
		"two rows have the ID known\n" +
		"the row allowed has no program traps/allowed/fine\n" +
		"the program traps/stray/right has no row"

	if got != want {
		t.Errorf("got: %v, want: %v", got, want)
	}
}

// unmatched names the rows without programs and the programs without rows.
func unmatched(rows []catalog.Trap, fine []catalog.Fine, have []string) []string {
	var problems []string

	there := map[string]bool{}
	for _, p := range have {
		there[p] = true
	}

	wanted := map[string]bool{}

	for _, row := range rows {
		if wanted[program(row.ID, "wrong")] {
			problems = append(problems, "two rows have the ID "+row.ID)
			continue
		}

		for _, form := range []string{"wrong", "right"} {
			p := program(row.ID, form)
			wanted[p] = true

			if !there[p] {
				problems = append(problems, "the row "+row.ID+" has no program "+p)
			}
		}
	}

	for _, row := range fine {
		p := program(row.ID, "fine")
		wanted[p] = true

		if !there[p] {
			problems = append(problems, "the row "+row.ID+" has no program "+p)
		}
	}

	for _, p := range have {
		if !wanted[p] {
			problems = append(problems, "the program "+p+" has no row")
		}
	}

	return problems
}

func program(id, form string) string {
	return path.Join(module, id, form)
}

func TestTraps(t *testing.T) {
	bench := build(t)

	for _, trap := range catalog.Traps {
		t.Run(trap.ID, func(t *testing.T) {
			t.Parallel()

			bench.checkCompiled(t, program(trap.ID, "wrong"), trap.Go)
			bench.checkCompiled(t, program(trap.ID, "right"), trap.Right)
			bench.checkRight(t, trap)

			if trap.Effect == catalog.Races {
				bench.checkRace(t, trap)
			} else {
				bench.checkWrong(t, trap)
			}
		})
	}

	for _, row := range catalog.Right {
		t.Run(row.ID, func(t *testing.T) {
			t.Parallel()

			bench.checkFine(t, row)
		})
	}
}

func build(t *testing.T) *workbench {
	t.Helper()

	b := &workbench{root: t.TempDir()}

	list, err := programs()
	if err != nil {
		t.Fatal(err)
	}

	if err := copyPrograms(b.root); err != nil {
		t.Fatal(err)
	}

	source, err := writeCompiled(b.root, list)
	if err != nil {
		t.Fatal(err)
	}

	b.compiled = filepath.Join(b.root, "compiled")
	command(t, source, "go", "build", "-o", b.compiled, ".")

	b.yaegi = filepath.Join(b.root, "yaegi")
	command(t, ".", "go", "build", "-o", b.yaegi, "github.com/traefik/yaegi/cmd/yaegi")

	b.race, err = tools.YaegiRace(t.Context())
	if err != nil {
		if !tools.LeavesOut(err) {
			t.Fatal(err)
		}

		t.Logf("the races are not checked: %v", err)

		b.race = ""
	}

	return b
}

func command(t *testing.T, dir, name string, args ...string) {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")

	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func (b *workbench) checkCompiled(t *testing.T, name, want string) {
	t.Helper()

	o := run(t.Context(), patience, nil, b.compiled, name)
	if !o.ended || o.result != want {
		t.Errorf("%s compiled: got: %v, want: %q\n%s", name, o.describe(), want, o.last())
	}
}

// interpret runs a program in the plain interpreter, or in the race-built one.
func (b *workbench) interpret(ctx context.Context, t *testing.T, interpreter, name string, limit time.Duration) outcome {
	t.Helper()

	file, err := writeInterpreted(b.root, name)
	if err != nil {
		t.Fatal(err)
	}

	return b.start(ctx, interpreter, file, limit)
}

// start ends a race-built interpreter at its first report: what has raced may
// wait for ever.
func (b *workbench) start(ctx context.Context, interpreter, file string, limit time.Duration) outcome {
	return run(ctx, limit, []string{"GOPATH=" + b.root, "GORACE=atexit_sleep_ms=0 halt_on_error=1"}, interpreter, "run", file)
}

func (b *workbench) checkRight(t *testing.T, trap catalog.Trap) {
	t.Helper()

	name := program(trap.ID, "right")

	o := b.interpret(t.Context(), t, b.yaegi, name, patience)
	if !o.ended || o.result != trap.Right {
		t.Errorf("%s interpreted: got: %v, want: %q\n%s", name, o.describe(), trap.Right, o.last())
	}

	if trap.Effect != catalog.Races || b.race == "" {
		return
	}

	o = b.interpret(t.Context(), t, b.race, name, patience)
	if !o.ended || o.result != trap.Right || o.raced {
		t.Errorf("%s race-checked: got: %v, race %v, want: %q without a race\n%s", name, o.describe(), o.raced, trap.Right, o.last())
	}
}

// checkFine wants the same result everywhere, alone and from eight goroutines.
func (b *workbench) checkFine(t *testing.T, row catalog.Fine) {
	t.Helper()

	name := program(row.ID, "fine")

	b.checkCompiled(t, name, row.Result)

	file, err := writeConcurrent(b.root, name)
	if err != nil {
		t.Fatal(err)
	}

	for _, interpreter := range []string{b.yaegi, b.race} {
		if interpreter == "" {
			continue
		}

		o := b.start(t.Context(), interpreter, file, patience)
		if !o.ended || o.result != row.Result || o.raced {
			t.Errorf("%s interpreted: got: %v, race %v, want: %q without a race\n%s", name, o.describe(), o.raced, row.Result, o.last())
		}
	}
}

// checkRace wants the wrong form reported.
func (b *workbench) checkRace(t *testing.T, trap catalog.Trap) {
	t.Helper()

	if b.race == "" {
		t.Skip("there is no race-checked Yaegi")
	}

	for range tries {
		if b.interpret(t.Context(), t, b.race, program(trap.ID, "wrong"), patience).raced {
			return
		}
	}

	t.Errorf("the trap %s (%s) is gone: no race in %d runs", trap.ID, trap.Avoid, tries)
}

func (b *workbench) checkWrong(t *testing.T, trap catalog.Trap) {
	t.Helper()

	limit := patience
	if trap.Effect == catalog.Hangs {
		limit = hanging
	}

	o := b.interpret(t.Context(), t, b.yaegi, program(trap.ID, "wrong"), limit)

	if o.ended && o.result == trap.Go {
		t.Fatalf("the trap %s (%s) is gone: Yaegi gives %q, as Go does; take the row and its rule out", trap.ID, trap.Avoid, o.result)
	}

	if got := effect(o); got != trap.Effect {
		t.Fatalf("the trap %s has changed: got: %v (%v), want: %v\n%s", trap.ID, got, o.describe(), trap.Effect, o.last())
	}

	if trap.Effect == catalog.Differs && !matches(o.result, trap.Yaegi) {
		t.Errorf("the trap %s has changed: got: %q, want: %q", trap.ID, o.result, trap.Yaegi)
	}
}

// effect is what an interpreted run shows.
func effect(o outcome) catalog.Effect {
	switch {
	case o.ended:
		return catalog.Differs
	case o.hung && o.loaded:
		return catalog.Hangs
	case o.loaded:
		return catalog.Panics
	default:
		return catalog.DoesNotLoad
	}
}

func matches(got, want string) bool {
	prefix, open := strings.CutSuffix(want, "…")
	if open {
		return strings.HasPrefix(got, prefix)
	}

	return got == want
}

func TestEffectOfAnOutcome(t *testing.T) {
	tests := []struct {
		desc string
		give outcome
		want catalog.Effect
	}{
		{desc: "a result", give: outcome{loaded: true, ended: true}, want: catalog.Differs},
		{desc: "stopped after it was loaded", give: outcome{loaded: true, hung: true}, want: catalog.Hangs},
		{desc: "ended without a result", give: outcome{loaded: true}, want: catalog.Panics},
		{desc: "nothing printed", give: outcome{}, want: catalog.DoesNotLoad},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			if got := effect(test.give); got != test.want {
				t.Errorf("got: %v, want: %v", got, test.want)
			}
		})
	}
}
