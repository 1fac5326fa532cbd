package rules

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
)

func checkNamedResults(p *pass) {
	for c := range p.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var results *ast.FieldList

		switch n := c.Node().(type) {
		case *ast.FuncDecl:
			results = n.Type.Results
		case *ast.FuncLit:
			results = n.Type.Results
		}

		if results == nil {
			continue
		}

		for _, field := range results.List {
			named := false
			for _, name := range field.Names {
				named = named || name.Name != "_"
			}

			if named {
				p.report(results, "named results")
				break
			}
		}
	}
}

// eachReturn yields the returns that state each result.
func (p *pass) eachReturn(f func(n *ast.ReturnStmt, results *types.Tuple)) {
	for c := range p.root.Preorder((*ast.ReturnStmt)(nil)) {
		n := c.Node().(*ast.ReturnStmt)
		results := p.results(c)

		if results != nil && len(n.Results) == results.Len() {
			f(n, results)
		}
	}
}

func checkReturnBuiltin(p *pass) {
	p.eachReturn(func(n *ast.ReturnStmt, _ *types.Tuple) {
		for i, e := range n.Results {
			if i == 0 || p.constant(e) {
				continue
			}

			switch name := p.builtin(e); name {
			case "len", "cap", "append", "make", "new", "copy", "real", "imag", "complex":
				p.report(e, "%s as a whole result", name)
			}
		}
	})
}

func checkReturnField(p *pass) {
	p.eachReturn(func(n *ast.ReturnStmt, _ *types.Tuple) {
		if len(n.Results) < 2 {
			return
		}

		for _, e := range n.Results {
			call, ok := ast.Unparen(e).(*ast.CallExpr)
			if !ok {
				continue
			}

			sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			if !ok {
				continue
			}

			if s := p.TypesInfo.Selections[sel]; s != nil && s.Kind() == types.FieldVal {
				p.report(e, "the call of a field's function among several results")
			}
		}
	})
}

func checkReturnIface(p *pass) {
	p.eachReturn(func(n *ast.ReturnStmt, results *types.Tuple) {
		first := results.At(0).Type()

		for i, e := range n.Results {
			if i == 0 || p.constant(e) {
				continue
			}

			e = ast.Unparen(e)

			if b, ok := e.(*ast.BinaryExpr); ok && p.ours(first) != nil && methodIface(first) && !comparison(b.Op) {
				p.report(e, "arithmetic behind a first result of an interface type of ours")
				continue
			}

			call, ok := e.(*ast.CallExpr)
			if !ok || p.conversion(call) || p.builtin(call) != "" {
				continue
			}

			to := results.At(i).Type()
			if iface(to) != nil && iface(p.typeOf(e)) == nil {
				p.report(e, "a call that gives a %s as a result of type %s", p.typeOf(e), to)
			}
		}
	})
}

func comparison(op token.Token) bool {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.LAND, token.LOR:
		return true
	}

	return false
}

func checkReturnAny(p *pass) {
	p.eachReturn(func(n *ast.ReturnStmt, results *types.Tuple) {
		for i, e := range n.Results {
			if iface(results.At(i).Type()) == nil || p.constant(e) || iface(p.typeOf(e)) != nil {
				continue
			}

			switch n := ast.Unparen(e).(type) {
			case *ast.BinaryExpr:
				p.report(e, "the result of %s as a %s", n.Op, results.At(i).Type())
			case *ast.UnaryExpr:
				if n.Op != token.AND && n.Op != token.ARROW {
					p.report(e, "the result of %s as a %s", n.Op, results.At(i).Type())
				}
			}
		}
	})
}

func checkFuncValue(p *pass) {
	for c := range p.root.Preorder((*ast.Ident)(nil)) {
		id := c.Node().(*ast.Ident)

		f, ok := p.TypesInfo.Uses[id].(*types.Func)
		if !ok || !packageLevel(f) || !p.interpreted(f.Pkg()) {
			continue
		}

		value := c
		if kind, _ := c.ParentEdge(); kind == edge.SelectorExpr_Sel {
			value = c.Parent()
		}

		kind, i := value.ParentEdge()

		switch kind {
		case edge.ReturnStmt_Results:
			p.report(id, "function %s as a result", f.Name())
		case edge.CallExpr_Args:
			if p.builtin(value.Parent().Node().(*ast.CallExpr)) == "append" && i > 0 {
				p.report(id, "function %s appended", f.Name())
			}
		case edge.AssignStmt_Rhs:
			n := value.Parent().Node().(*ast.AssignStmt)
			if v := p.variable(n.Lhs[i]); v != nil && !packageLevel(v) {
				for use := range p.uses(p.scope(value), v) {
					if k, _ := use.ParentEdge(); k == edge.ReturnStmt_Results {
						p.report(use.Node(), "function %s as a result", f.Name())
					}
				}
			}
		}
	}
}
