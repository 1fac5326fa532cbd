package rules

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// checkCommaOK finds each `v, ok := m[k]` and `v, ok := x.(T)`, and the uses
// of v where ok may be false.
func checkCommaOK(p *pass) {
	for c := range p.root.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		var places []ast.Expr

		var source ast.Expr

		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) == 2 && len(n.Rhs) == 1 {
				places, source = n.Lhs, n.Rhs[0]
			}
		case *ast.ValueSpec:
			if len(n.Names) == 2 && len(n.Values) == 1 {
				places, source = []ast.Expr{n.Names[0], n.Names[1]}, n.Values[0]
			}
		}

		if source == nil || !p.leavesOld(source) || blank(places[0]) {
			continue
		}

		v := p.variable(places[0])
		if v == nil || packageLevel(v) {
			p.report(places[0], "the value of a comma-ok goes to another place than a local variable")
			continue
		}

		a := commaOK{at: c, value: v, ok: p.variable(places[1]), from: c.Node().End()}
		p.checkUses(a)
		p.checkEarlierUses(a)
	}
}

// leavesOld says whether the two-valued expression is one that does not set
// its value when ok is false. A receive is not.
func (p *pass) leavesOld(e ast.Expr) bool {
	switch n := ast.Unparen(e).(type) {
	case *ast.TypeAssertExpr:
		return true
	case *ast.IndexExpr:
		t := p.typeOf(n.X)
		if t == nil {
			return false
		}

		_, ok := t.Underlying().(*types.Map)

		return ok
	}

	return false
}

type commaOK struct {
	at    inspector.Cursor
	value *types.Var
	ok    *types.Var // nil for _
	from  token.Pos  // what stands before this says nothing about a use
	again bool       // whether a round that goes on is no way out
}

func (p *pass) checkUses(a commaOK) {
	for id := range p.uses(p.scope(a.at), a.value) {
		if id.Node().Pos() < a.at.Node().End() || overwrites(id) {
			continue
		}

		if !p.guarded(a, id) && !p.returnedAtOnce(a, id) {
			p.report(id.Node(), "%s is used where its ok may be false", a.value.Name())
		}
	}
}

// returnedAtOnce says whether a function makes the variable by reading a map
// and does nothing but return it, as it does at `v, ok := m[k]`, `return v, ok`.
// The variable is still zero there, since each call has its own; in a loop it
// has another round's value.
func (p *pass) returnedAtOnce(a commaOK, id inspector.Cursor) bool {
	n, ok := a.at.Node().(*ast.AssignStmt)
	if _, again := loop(a.at); !ok || again || n.Tok != token.DEFINE || n.Lhs[0].Pos() != a.value.Pos() {
		return false
	}

	kind, _ := id.ParentEdge()
	next, there := a.at.NextSibling()

	return kind == edge.ReturnStmt_Results && there && id.Parent().Node() == next.Node() && !p.jumps(a.at)
}

// jumps says whether the function has labels, by which code may run again.
func (p *pass) jumps(c inspector.Cursor) bool {
	for range p.scope(c).Preorder((*ast.LabeledStmt)(nil)) {
		return true
	}

	return false
}

// checkEarlierUses looks at what stands before the comma-ok and runs after it
// all the same: the beginning of a loop's body in its next round, and a literal
// that a variable holds.
func (p *pass) checkEarlierUses(a commaOK) {
	around, looped := loop(a.at)
	looped = looped && !within(a.value.Pos(), body(around.Node()))
	settled := p.settles(a)

	for id := range p.uses(p.scope(a.at), a.value) {
		if settled || id.Node().Pos() >= a.at.Node().Pos() || id.Node().Pos() == a.value.Pos() || overwrites(id) {
			continue
		}

		earlier := a

		if looped && within(id.Node().Pos(), body(around.Node())) {
			earlier.from = body(around.Node()).Pos()
		} else if lit, ok := p.heldLiteral(a, id); ok {
			earlier.from = lit.Node().Pos()
		} else {
			continue
		}

		if !p.guarded(earlier, id) {
			p.report(id.Node(), "%s is used again, where its ok may have been false", a.value.Name())
		}
	}
}

// heldLiteral is the literal around a use that a variable holds when the
// comma-ok runs.
func (p *pass) heldLiteral(a commaOK, id inspector.Cursor) (inspector.Cursor, bool) {
	lit, ok := function(id)
	if !ok || within(a.value.Pos(), lit.Node()) || within(a.at.Node().Pos(), lit.Node()) {
		return lit, false
	}

	kind, _ := lit.ParentEdge()

	return lit, kind == edge.AssignStmt_Rhs || kind == edge.ValueSpec_Values
}

// settles says whether nothing runs with the old value after the comma-ok: it
// is set where ok is false, or the function or the loop ends there.
func (p *pass) settles(a commaOK) bool {
	again := a
	again.again = true

	for c := a.at; ; c = c.Parent() {
		kind, i := c.ParentEdge()

		switch n := c.Parent().Node().(type) {
		case *ast.BlockStmt:
			if kind == edge.BlockStmt_List && p.before(again, n.List[i:]) {
				return true
			}
		case *ast.CaseClause:
			if kind == edge.CaseClause_Body && p.before(again, n.Body[i:]) {
				return true
			}
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncDecl, *ast.FuncLit, *ast.File:
			return false
		}
	}
}

// overwrites says whether an identifier stands on the left of = or :=.
func overwrites(id inspector.Cursor) bool {
	kind, _ := id.ParentEdge()
	if kind == edge.ValueSpec_Names {
		return true
	}

	n, ok := id.Parent().Node().(*ast.AssignStmt)

	return ok && kind == edge.AssignStmt_Lhs && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE)
}

// guarded says whether ok is true, or the value set again, wherever c runs.
func (p *pass) guarded(a commaOK, c inspector.Cursor) bool {
	for c.Node() != nil {
		kind, i := c.ParentEdge()
		parent := c.Parent()

		switch n := parent.Node().(type) {
		case *ast.IfStmt:
			if kind == edge.IfStmt_Body && p.implied(a, n.Cond, true) || kind == edge.IfStmt_Else && p.implied(a, n.Cond, false) {
				return true
			}
		case *ast.ForStmt:
			if (kind == edge.ForStmt_Body || kind == edge.ForStmt_Post) && n.Cond != nil && p.implied(a, n.Cond, true) {
				return true
			}
		case *ast.BinaryExpr:
			if kind == edge.BinaryExpr_Y && (n.Op == token.LAND && p.implied(a, n.X, true) || n.Op == token.LOR && p.implied(a, n.X, false)) {
				return true
			}
		case *ast.CaseClause:
			if kind == edge.CaseClause_Body && (p.caseGuards(a, parent) || p.before(a, n.Body[:i])) {
				return true
			}
		case *ast.BlockStmt:
			if kind == edge.BlockStmt_List && p.before(a, n.List[:i]) {
				return true
			}
		case *ast.CommClause:
			if kind == edge.CommClause_Body && p.before(a, n.Body[:i]) {
				return true
			}
		case *ast.FuncDecl, *ast.File:
			return false
		}

		c = parent
	}

	return false
}

// caseGuards looks at the conditions of a switch without a tag.
func (p *pass) caseGuards(a commaOK, clause inspector.Cursor) bool {
	n, ok := clause.Parent().Parent().Node().(*ast.SwitchStmt)
	if !ok || n.Tag != nil {
		return false
	}

	for _, s := range n.Body.List {
		other, ok := s.(*ast.CaseClause)
		if !ok {
			continue
		}

		if other == clause.Node() {
			return len(other.List) == 1 && p.implied(a, other.List[0], true)
		}

		for _, e := range other.List {
			if p.implied(a, e, false) {
				return true
			}
		}
	}

	return false
}

// before looks at the statements of a block that ran before.
func (p *pass) before(a commaOK, list []ast.Stmt) bool {
	for _, s := range list {
		if s.Pos() < a.from {
			// The if whose init is the comma-ok itself may guard what follows.
			n, ok := s.(*ast.IfStmt)
			if !ok || n.Init == nil || !within(a.at.Node().Pos(), n.Init) {
				continue
			}
		}

		if p.sets(a, s) {
			return true
		}

		n, ok := s.(*ast.IfStmt)
		if !ok {
			continue
		}

		if p.implied(a, n.Cond, false) && (p.leavesFor(a, n.Body) || p.setsIn(a, n.Body)) {
			return true
		}

		if alternative, ok := n.Else.(*ast.BlockStmt); ok && p.implied(a, n.Cond, true) && (p.leavesFor(a, alternative) || p.setsIn(a, alternative)) {
			return true
		}
	}

	return false
}

func (p *pass) setsIn(a commaOK, block *ast.BlockStmt) bool {
	for _, s := range block.List {
		if p.sets(a, s) {
			return true
		}
	}

	return false
}

// sets says whether a statement is a plain assignment to the value.
func (p *pass) sets(a commaOK, s ast.Stmt) bool {
	n, ok := s.(*ast.AssignStmt)
	if !ok || n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
		return false
	}

	for _, l := range n.Lhs {
		if p.variable(l) == a.value {
			return true
		}
	}

	return false
}

// leavesFor is leaves, where a continue may not do.
func (p *pass) leavesFor(a commaOK, block *ast.BlockStmt) bool {
	if !p.leaves(block) {
		return false
	}

	n, ok := block.List[len(block.List)-1].(*ast.BranchStmt)

	return !a.again || !ok || n.Tok == token.BREAK
}

// leaves says whether a block never runs on into what follows it.
func (p *pass) leaves(block *ast.BlockStmt) bool {
	if len(block.List) == 0 {
		return false
	}

	switch n := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return n.Tok != token.FALLTHROUGH
	case *ast.ExprStmt:
		call, ok := n.X.(*ast.CallExpr)
		return ok && (p.builtin(call) == "panic" || p.calls(call, "os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln"))
	case *ast.IfStmt:
		alternative, ok := n.Else.(*ast.BlockStmt)
		return ok && p.leaves(n.Body) && p.leaves(alternative)
	}

	return false
}

// implied says whether ok is true whenever the condition has the value when.
func (p *pass) implied(a commaOK, cond ast.Expr, when bool) bool {
	if a.ok == nil {
		return false
	}

	switch n := ast.Unparen(cond).(type) {
	case *ast.Ident:
		return when && p.variable(n) == a.ok && !p.setAgain(a, n.Pos())
	case *ast.UnaryExpr:
		return n.Op == token.NOT && p.implied(a, n.X, !when)
	case *ast.BinaryExpr:
		if n.Op == token.LAND && when || n.Op == token.LOR && !when {
			return p.implied(a, n.X, when) || p.implied(a, n.Y, when)
		}

		if n.Op == token.LAND || n.Op == token.LOR {
			return p.implied(a, n.X, when) && p.implied(a, n.Y, when)
		}
	}

	return false
}

// setAgain says whether ok has got another meaning before pos.
func (p *pass) setAgain(a commaOK, pos token.Pos) bool {
	for id := range p.uses(p.scope(a.at), a.ok) {
		if id.Node().Pos() >= a.from && id.Node().Pos() < pos && written(id) {
			return true
		}
	}

	return false
}
