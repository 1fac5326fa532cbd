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

		at := id

		for {
			kind, _ := at.ParentEdge()
			if kind == edge.SelectorExpr_X && isStruct(p.typeOf(at.Node().(ast.Expr))) ||
				kind == edge.IndexExpr_X && isArray(p.typeOf(at.Node().(ast.Expr))) || kind == edge.ParenExpr_X {
				at = at.Parent()
				continue
			}

			break
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
			if v == nil || packageLevel(v) {
				continue
			}

			if p.captured(c, v) || p.addressed(c, v) || p.isResult(c, v) {
				p.report(n, "a struct literal assigned to %s, which is shared", v.Name())
			}
		}
	}
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
	}
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
