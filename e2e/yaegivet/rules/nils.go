package rules

import (
	"go/ast"
	"go/types"
)

// checkUntypedNil looks at the few places where the interpreter does not give
// nil the type that is wanted there. As a value, an argument, a result, an
// element or in a comparison it does.
func checkUntypedNil(p *pass) {
	for c := range p.root.Preorder((*ast.CallExpr)(nil), (*ast.IndexExpr)(nil), (*ast.SwitchStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.CallExpr:
			switch p.builtin(n) {
			case "append":
				p.checkNilAppended(n)
			case "delete":
				p.checkNilKey(n.Args[0], n.Args[1])
			}
		case *ast.IndexExpr:
			p.checkNilKey(n.X, n.Index)
		case *ast.SwitchStmt:
			p.checkNilCase(n)
		}
	}
}

// checkNilAppended: one nil among the values is right at first. But the
// interpreter has one nil for all types, and it stays an interface once it was
// given to one, by an argument, an assignment or an element anywhere.
func (p *pass) checkNilAppended(call *ast.CallExpr) {
	t := p.typeOf(call)

	list, ok := t.Underlying().(*types.Slice)
	if !ok {
		return
	}

	elem := list.Elem()
	right := iface(elem) != nil && (p.ours(elem) == nil || !p.compiledIface(elem))

	for _, e := range call.Args[1:] {
		if p.isNil(e) && (call.Ellipsis.IsValid() || !right) {
			p.report(e, "nil appended to a %s", types.TypeString(t, types.RelativeTo(p.Pkg)))
		}
	}
}

func (p *pass) checkNilKey(container, key ast.Expr) {
	t := p.typeOf(container)
	if t == nil || !p.isNil(key) {
		return
	}

	m, ok := t.Underlying().(*types.Map)
	if !ok || iface(m.Key()) != nil && iface(m.Key()).Empty() {
		return
	}

	p.report(key, "nil as the key of a %s", types.TypeString(t, types.RelativeTo(p.Pkg)))
}

func (p *pass) checkNilCase(n *ast.SwitchStmt) {
	if n.Tag == nil {
		return
	}

	tag := p.typeOf(n.Tag)
	if i := iface(tag); i != nil && (i.Empty() || p.compiledIface(tag)) {
		return
	}

	for _, s := range n.Body.List {
		clause, ok := s.(*ast.CaseClause)
		if !ok {
			continue
		}

		for _, e := range clause.List {
			if p.isNil(e) {
				p.report(e, "nil as the case of a %s", types.TypeString(tag, types.RelativeTo(p.Pkg)))
			}
		}
	}
}

// compiledIface says whether an interface is one of compiled code, or a type of
// ours that is declared as one: `type failure error`.
func (p *pass) compiledIface(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if ok && !p.interpreted(named.Obj().Pkg()) {
		return true
	}

	i := iface(t)

	return i != nil && i.NumExplicitMethods() > 0 && !p.interpreted(i.ExplicitMethod(0).Pkg())
}
