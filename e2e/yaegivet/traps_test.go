package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/traefik-openwebui/signupwebhook/e2e/traps/catalog"
	"github.com/traefik-openwebui/signupwebhook/e2e/yaegivet/rules"
)

// withoutTrap are the rules that refuse what Go and Yaegi do alike, and that
// Traefik cannot bear.
var withoutTrap = []string{"gorecover"}

func TestEachTrapHasARuleAndEachRuleATrap(t *testing.T) {
	used := map[string]bool{}

	for _, trap := range catalog.Traps {
		used[trap.Rule] = true

		if rules.ByName(trap.Rule) == nil {
			t.Errorf("the trap %s names the rule %s, and there is none", trap.ID, trap.Rule)
		}
	}

	for _, rule := range rules.Table {
		if !used[rule.Name] && !slices.Contains(withoutTrap, rule.Name) {
			t.Errorf("no trap proves the rule %s", rule.Name)
		}
	}
}

// TestTrapPrograms runs the checker on the programs that prove the traps.
func TestTrapPrograms(t *testing.T) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule,
		Dir:  filepath.Join("..", "traps", "testdata", "src", "traps"),
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}

	if err := loadErrors(loaded); err != nil {
		t.Fatal(err)
	}

	found, err := analyze(loaded)
	if err != nil {
		t.Fatal(err)
	}

	byProgram := map[string][]*finding{}

	for _, f := range found {
		parts := strings.Split(f.pkg.PkgPath, "/")
		name := strings.Join(parts[1:3], "/")
		byProgram[name] = append(byProgram[name], f)
	}

	for _, trap := range catalog.Traps {
		t.Run(trap.ID, func(t *testing.T) {
			hit := slices.ContainsFunc(byProgram[trap.ID+"/wrong"], func(f *finding) bool { return f.rule == trap.Rule })
			if !hit {
				t.Errorf("the wrong form is not refused by %s", trap.Rule)
			}

			for _, f := range byProgram[trap.ID+"/right"] {
				t.Errorf("the right form is refused: %s", f.text(""))
			}
		})
	}

	for _, row := range catalog.Right {
		t.Run(row.ID, func(t *testing.T) {
			for _, f := range byProgram[row.ID+"/fine"] {
				t.Errorf("what is right is refused: %s", f.text(""))
			}
		})
	}
}
