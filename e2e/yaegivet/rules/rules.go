// Package rules holds the constructs that the Yaegi interpreter computes
// otherwise than the Go compiler, one analyzer each. What each one looks for
// and what to write instead stands in the Table; the code is in one file for
// each family of rules.
package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// Rule is one construct to avoid.
type Rule struct {
	// Name is what an exception calls the rule by.
	Name string
	// Trap is what goes wrong in the interpreter.
	Trap string
	// Instead is what to write instead.
	Instead string

	check func(p *pass)
	facts []analysis.Fact
}

// pass is what the check of a rule gets: one package.
type pass struct {
	*analysis.Pass

	rule      *Rule
	root      inspector.Cursor
	functions map[types.Object]*does // what is known of those of ours
	told      map[token.Pos]bool     // what was reported, since two ways may lead to it
}

// Analyzers returns an analyzer for each rule of the Table.
func Analyzers() []*analysis.Analyzer {
	list := make([]*analysis.Analyzer, 0, len(Table))

	for i := range Table {
		list = append(list, Table[i].Analyzer())
	}

	return list
}

// ByName returns the rule of that name, or nil.
func ByName(name string) *Rule {
	for i := range Table {
		if Table[i].Name == name {
			return &Table[i]
		}
	}

	return nil
}

// Analyzer makes the rule runnable.
func (r *Rule) Analyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:      r.Name,
		Doc:       fmt.Sprintf("%s\n\nInstead: %s.", r.Trap, r.Instead),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, behaviour},
		FactTypes: r.facts,
		Run: func(a *analysis.Pass) (any, error) {
			found, ok := a.ResultOf[inspect.Analyzer].(*inspector.Inspector)
			if !ok {
				return nil, fmt.Errorf("%s: no syntax trees", r.Name)
			}

			r.run(a, found)

			return nil, nil
		},
	}
}

func (r *Rule) run(a *analysis.Pass, found *inspector.Inspector) {
	known, _ := a.ResultOf[behaviour].(map[types.Object]*does)

	r.check(&pass{Pass: a, rule: r, root: found.Root(), functions: known, told: map[token.Pos]bool{}})
}

// report names what was found, why it is a trap, and what to write instead.
func (p *pass) report(n ast.Node, format string, args ...any) {
	if p.told[n.Pos()] {
		return
	}

	p.told[n.Pos()] = true

	p.ReportRangef(n, "%s: %s; write %s", fmt.Sprintf(format, args...), p.rule.Trap, p.rule.Instead)
}
