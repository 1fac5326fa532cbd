package rules

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// TestRules runs each rule on the packages in the folder of its name, in which
// comments say what it must find, and where.
func TestRules(t *testing.T) {
	testdata, err := filepath.Abs(filepath.Join("..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}

	analysistest.Run(t, testdata, each(), "./...")
}

// each is an analyzer that runs on a package the rule that its folder is
// named for. So all packages are loaded once.
func each() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:     "each",
		Doc:      "run the rule that the folder is named for",
		Requires: []*analysis.Analyzer{inspect.Analyzer, behaviour},
		Run: func(p *analysis.Pass) (any, error) {
			found, ok := p.ResultOf[inspect.Analyzer].(*inspector.Inspector)
			if !ok {
				return nil, errors.New("no syntax trees")
			}

			folder, _, _ := strings.Cut(p.Pkg.Path(), "/")
			if rule := ByName(folder); rule != nil {
				rule.run(p, found)
			}

			return nil, nil
		},
	}

	for i := range Table {
		a.FactTypes = append(a.FactTypes, Table[i].facts...)
	}

	return a
}

func TestEachRuleHasCases(t *testing.T) {
	for i := range Table {
		name := Table[i].Name

		text, err := os.ReadFile(filepath.Join("..", "testdata", "src", name, name+".go"))
		if err != nil {
			t.Errorf("the rule %s has no cases: %v", name, err)
			continue
		}

		if !strings.Contains(string(text), "// want ") {
			t.Errorf("the cases of rule %s: got: none that it finds, want: some", name)
		}
	}
}

func TestEachFolderHasARule(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("..", "testdata", "src"))
	if err != nil {
		t.Fatal(err)
	}

	for _, entry := range entries {
		if ByName(entry.Name()) == nil {
			t.Errorf("testdata/src/%s belongs to no rule", entry.Name())
		}
	}
}

func TestAnalyzersAreValid(t *testing.T) {
	if err := analysis.Validate(Analyzers()); err != nil {
		t.Error(err)
	}
}
