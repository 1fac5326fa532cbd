package rules

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

func checkReceive(p *pass) {
	for c := range p.root.Preorder((*ast.ReturnStmt)(nil), (*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		switch n := c.Node().(type) {
		case *ast.ReturnStmt:
			for _, e := range n.Results {
				if receives(e) {
					p.report(e, "return of a receive")
				}
			}
		case *ast.AssignStmt:
			if len(n.Lhs) != len(n.Rhs) {
				continue // v, ok := <-c is right
			}

			for i, e := range n.Rhs {
				if receives(e) {
					p.checkReceiver(c, n.Lhs[i], n.Tok == token.DEFINE)
				}
			}
		case *ast.ValueSpec:
			if len(n.Names) != len(n.Values) {
				continue
			}

			for i, e := range n.Values {
				if receives(e) {
					p.checkReceiver(c, n.Names[i], true)
				}
			}
		}
	}
}

// checkReceiver looks at the place that a received value goes to.
func (p *pass) checkReceiver(c inspector.Cursor, place ast.Expr, fresh bool) {
	if blank(place) {
		return
	}

	v := p.variable(place)

	switch {
	case v == nil || packageLevel(v):
		p.report(place, "a receive into something else than a local variable")
	case !fresh && p.captured(c, v):
		p.report(place, "a receive into %s, which a function literal uses", v.Name())
	case p.modified(c, v):
		p.report(place, "%s is received, and changed later", v.Name())
	}
}

// modified says whether a variable or a part of it is set after c, but for
// another receive.
func (p *pass) modified(c inspector.Cursor, v *types.Var) bool {
	for id := range p.uses(p.scope(c), v) {
		if id.Node().Pos() <= c.Node().End() {
			continue
		}

		at := p.part(id)

		// A pointer method wants an address, and what was received has none.
		if m, _ := p.pointerMethod(at); m != nil {
			return true
		}

		if !written(at) {
			continue
		}

		n, ok := at.Parent().Node().(*ast.AssignStmt)
		if ok && len(n.Rhs) == 1 && receives(n.Rhs[0]) && at.Node() == id.Node() {
			continue
		}

		return true
	}

	return false
}

func isStruct(t types.Type) bool {
	if t == nil {
		return false
	}

	_, ok := t.Underlying().(*types.Struct)

	return ok
}

func isArray(t types.Type) bool {
	if t == nil {
		return false
	}

	_, ok := t.Underlying().(*types.Array)

	return ok
}

func checkStructAssign(p *pass) {
	for c := range p.root.Preorder((*ast.AssignStmt)(nil)) {
		n := c.Node().(*ast.AssignStmt)
		if n.Tok != token.ASSIGN || len(n.Lhs) != len(n.Rhs) {
			continue
		}

		for i, e := range n.Rhs {
			if composite(e) == nil || !isStruct(p.typeOf(e)) {
				continue
			}

			if _, ok := ast.Unparen(n.Lhs[i]).(*ast.StarExpr); ok {
				p.report(n, "a struct literal assigned through a pointer")
				continue
			}

			v := p.variable(n.Lhs[i])
			if v == nil {
				continue
			}

			if p.pointedAt(c, v) || !packageLevel(v) && (p.captured(c, v) || p.addressed(c, v) || p.isResult(c, v)) {
				p.report(n, "a struct literal assigned to %s, which is shared", v.Name())
			}
		}
	}
}

// pointedAt says whether the function has given a pointer to the variable away
// when it sets it at c: to a pointer method that keeps it or, where it is a
// package's variable, by an & that nobody forgot at once. Pointers that other
// functions make of a package's variable are left out: most of them are made
// when the variable has its value.
func (p *pass) pointedAt(c inspector.Cursor, v *types.Var) bool {
	_, again := loop(c)
	follower := p.follow(p.scope(c), p.scope(c).Node())

	for id := range p.uses(p.scope(c), v) {
		if !again && id.Node().Pos() > c.Node().Pos() {
			continue
		}

		if m, call := p.pointerMethod(id); m != nil && follower.called(call, p.does(m).receiver(), false)&fateKept != 0 {
			return true
		}

		if pointer, ok := p.pointerInto(id); ok && packageLevel(v) && !p.passedOn(pointer) {
			return true
		}
	}

	return false
}

// addressed says whether & makes a pointer to the variable.
func (p *pass) addressed(c inspector.Cursor, v *types.Var) bool {
	for id := range p.uses(p.scope(c), v) {
		if kind, _ := id.ParentEdge(); kind == edge.UnaryExpr_X && written(id) {
			return true
		}
	}

	return false
}

func (p *pass) isResult(c inspector.Cursor, v *types.Var) bool {
	results := p.results(c)
	for i := 0; results != nil && i < results.Len(); i++ {
		if results.At(i) == v {
			return true
		}
	}

	return false
}

func checkTuple(p *pass) {
	for c := range p.root.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		var values []ast.Expr

		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			values = n.Rhs
		case *ast.ValueSpec:
			values = n.Values
		}

		if len(values) < 2 {
			continue
		}

		for _, e := range values {
			if composite(e) != nil {
				p.report(e, "a composite literal among several values")
			}

			if p.isNil(e) {
				p.report(e, "nil among several values")
			}
		}

		if n, ok := c.Node().(*ast.AssignStmt); ok && n.Tok == token.ASSIGN && len(n.Lhs) == len(n.Rhs) {
			p.checkCallAmong(n)
		}
	}
}

// checkCallAmong: with = a call writes its result where it belongs, and what is
// not a call is dropped, but for elements of maps. With := it is not, and calls
// alone are right, too.
func (p *pass) checkCallAmong(n *ast.AssignStmt) {
	var called ast.Expr

	lost := false

	for i, e := range n.Rhs {
		if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && !p.conversion(call) && !p.constant(call) {
			called = e
		} else if !blank(n.Lhs[i]) && !p.elementOfMap(n.Lhs[i]) {
			lost = true
		}
	}

	if called != nil && lost {
		p.report(called, "a call among several values")
	}
}

func (p *pass) elementOfMap(e ast.Expr) bool {
	index, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return false
	}

	_, ok = p.typeOf(index.X).Underlying().(*types.Map)

	return ok
}

func checkIfaceLiteral(p *pass) {
	for f := range p.flows() {
		if f.kind != assigned || composite(f.expr) == nil || p.ours(f.to) == nil || !methodIface(f.to) {
			continue
		}

		if _, ok := ast.Unparen(f.dest).(*ast.Ident); !ok {
			p.report(f.expr, "a struct literal put into a %s", f.to)
		}
	}
}
