package rules

import (
	"go/ast"
	"go/token"
	"go/types"
)

var errorType = types.Universe.Lookup("error").Type()

func checkOwnError(p *pass) {
	for c := range p.root.Preorder((*ast.FuncDecl)(nil)) {
		n := c.Node().(*ast.FuncDecl)
		if n.Recv == nil || n.Name.Name != "Error" {
			continue
		}

		f, ok := p.TypesInfo.Defs[n.Name].(*types.Func)
		if ok && types.Implements(types.NewPointer(receiverType(f)), errorType.Underlying().(*types.Interface)) {
			p.report(n.Name, "an error type of ours")
		}
	}

	for f := range p.flows() {
		named := p.ourConcrete(p.typeOf(f.expr))
		if named == nil || !types.Identical(f.to, errorType) {
			continue
		}

		if m := method(named, "Error"); m != nil && receiverType(m) != named {
			p.report(f.expr, "a %s as an error", named.Obj().Name())
		}
	}

	for c := range p.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if !p.calls(call, "errors.As") || len(call.Args) != 2 {
			continue
		}

		target, ok := p.typeOf(call.Args[1]).(*types.Pointer)
		if !ok {
			continue
		}

		_, named := types.Unalias(target.Elem()).(*types.Named)
		if p.ours(target.Elem()) != nil || !named && types.IsInterface(target.Elem()) {
			p.report(call.Args[1], "errors.As to a type of ours")
		}
	}
}

// receiverType is the named type that a method is declared for.
func receiverType(f *types.Func) types.Type {
	recv := f.Signature().Recv()
	if recv == nil {
		return types.Typ[types.Invalid]
	}

	t := types.Unalias(recv.Type())
	if pointer, ok := t.(*types.Pointer); ok {
		t = types.Unalias(pointer.Elem())
	}

	return t
}

func checkIfaceAssert(p *pass) {
	for c := range p.root.Preorder((*ast.TypeAssertExpr)(nil), (*ast.TypeSwitchStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.TypeAssertExpr:
			if n.Type == nil {
				continue // of a type switch
			}

			from := iface(p.typeOf(n.X))
			if from != nil && from.NumMethods() == 0 && methodIface(p.typeOf(n.Type)) {
				p.report(n, "an empty interface asserted to %s", p.typeOf(n.Type))
			}
		case *ast.TypeSwitchStmt:
			p.checkTypeSwitch(n)
		}
	}
}

func (p *pass) checkTypeSwitch(n *ast.TypeSwitchStmt) {
	from := p.switched(n)
	if from == nil {
		return
	}

	for _, s := range n.Body.List {
		clause, ok := s.(*ast.CaseClause)
		if !ok {
			continue
		}

		for _, e := range clause.List {
			t := p.typeOf(e)

			if methodIface(t) {
				p.report(e, "interface %s in a type switch", t)
				continue
			}

			named := p.ourConcrete(t)
			if named != nil && hasMethods(named) && p.ours(from) == nil {
				p.report(e, "%s, which has methods, in a type switch", named.Obj().Name())
			}
		}
	}
}

// switched is the type of what a type switch looks at.
func (p *pass) switched(n *ast.TypeSwitchStmt) types.Type {
	var e ast.Expr

	switch s := n.Assign.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}

	assert, ok := e.(*ast.TypeAssertExpr)
	if !ok {
		return nil
	}

	return p.typeOf(assert.X)
}

func checkIfaceCompare(p *pass) {
	for c := range p.root.Preorder((*ast.SwitchStmt)(nil), (*ast.IndexExpr)(nil), (*ast.CallExpr)(nil)) {
		switch n := c.Node().(type) {
		case *ast.SwitchStmt:
			p.checkIfaceCases(n)
		case *ast.IndexExpr:
			p.checkIfaceKey(n.X, n.Index)
		case *ast.CallExpr:
			if p.builtin(n) == "delete" {
				p.checkIfaceKey(n.Args[0], n.Args[1])
			}
		}
	}

	for c := range p.root.Preorder((*ast.BinaryExpr)(nil)) {
		n := c.Node().(*ast.BinaryExpr)
		if n.Op != token.EQL && n.Op != token.NEQ || p.isNil(n.X) || p.isNil(n.Y) {
			continue
		}

		for _, e := range []ast.Expr{n.X, n.Y} {
			if t := p.typeOf(e); p.ours(t) != nil && methodIface(t) {
				p.report(n, "interface values of type %s compared", t)
				break
			}
		}
	}
}

// checkIfaceCases looks at the == between a tag and its cases.
func (p *pass) checkIfaceCases(n *ast.SwitchStmt) {
	if n.Tag == nil {
		return
	}

	for _, s := range n.Body.List {
		for _, e := range s.(*ast.CaseClause).List {
			if p.isNil(e) {
				continue // untypednil
			}

			for _, side := range []ast.Expr{n.Tag, e} {
				if t := p.typeOf(side); p.ours(t) != nil && methodIface(t) {
					p.report(e, "interface values of type %s compared", t)
					break
				}
			}
		}
	}
}

// checkIfaceKey looks at a value that becomes a key. One that is an interface
// already may be right: the same variable finds what it has put there.
func (p *pass) checkIfaceKey(container, key ast.Expr) {
	t := p.typeOf(container)
	if t == nil {
		return
	}

	m, ok := t.Underlying().(*types.Map)
	if ok && p.ours(m.Key()) != nil && methodIface(m.Key()) && p.ourConcrete(p.typeOf(key)) != nil {
		p.report(key, "a %s as a key of type %s", p.typeOf(key), m.Key())
	}
}

func checkPromoted(p *pass) {
	for c := range p.root.Preorder((*ast.SelectorExpr)(nil)) {
		n := c.Node().(*ast.SelectorExpr)

		s := p.TypesInfo.Selections[n]
		if s != nil && s.Kind() == types.MethodVal && p.throughInterface(s.Recv(), s.Index()) {
			p.report(n, "%s is promoted from an embedded interface", n.Sel.Name)
		}
	}

	for f := range p.flows() {
		from := p.typeOf(f.expr)
		if p.ourConcrete(from) == nil {
			continue
		}

		to := iface(f.to)
		for i := 0; to != nil && i < to.NumMethods(); i++ {
			m := to.Method(i)

			_, index, _ := types.LookupFieldOrMethod(from, true, m.Pkg(), m.Name())
			if p.throughInterface(from, index) {
				p.report(f.expr, "%s of this %s is promoted from an embedded interface", m.Name(), f.to)
				break
			}
		}
	}
}

// throughInterface says whether the way to a method leads through an embedded
// interface of ours.
func (p *pass) throughInterface(t types.Type, index []int) bool {
	for i := 0; i < len(index)-1; i++ {
		if pointer, ok := t.Underlying().(*types.Pointer); ok {
			t = pointer.Elem()
		}

		fields, ok := t.Underlying().(*types.Struct)
		if !ok {
			return false
		}

		t = fields.Field(index[i]).Type()
	}

	return len(index) > 1 && types.IsInterface(t) && p.ours(t) != nil
}

func checkMethodExpr(p *pass) {
	for c := range p.root.Preorder((*ast.SelectorExpr)(nil)) {
		n := c.Node().(*ast.SelectorExpr)
		if s := p.TypesInfo.Selections[n]; s != nil && s.Kind() == types.MethodExpr {
			p.report(n, "method expression")
		}
	}
}
