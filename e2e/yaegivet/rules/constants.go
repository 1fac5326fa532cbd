package rules

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

func checkConstBool(p *pass) {
	for c := range p.root.Preorder((*ast.GenDecl)(nil)) {
		decl := c.Node().(*ast.GenDecl)
		if decl.Tok != token.CONST {
			continue
		}

		for _, s := range decl.Specs {
			spec, ok := s.(*ast.ValueSpec)
			if !ok {
				continue
			}

			for _, e := range spec.Values {
				tv := p.TypesInfo.Types[e]
				if tv.Value == nil || tv.Value.Kind() != constant.Bool {
					continue
				}

				if _, ok := ast.Unparen(e).(*ast.BinaryExpr); ok {
					p.report(e, "a constant made by a comparison")
				}
			}
		}
	}
}

// divisions yields the divisions that the compiler does.
func (p *pass) divisions(f func(c inspector.Cursor, n *ast.BinaryExpr, x, y, q constant.Value)) {
	for c := range p.root.Preorder((*ast.BinaryExpr)(nil)) {
		n := c.Node().(*ast.BinaryExpr)
		if n.Op != token.QUO {
			continue
		}

		x, y, q := p.TypesInfo.Types[n.X].Value, p.TypesInfo.Types[n.Y].Value, p.TypesInfo.Types[n].Value
		if x == nil || y == nil || q == nil {
			continue
		}

		f(c, n, constant.ToInt(x), constant.ToInt(y), q)
	}
}

func uneven(x, y constant.Value) bool {
	if x.Kind() != constant.Int || y.Kind() != constant.Int || constant.Sign(y) == 0 {
		return false
	}

	return constant.Sign(constant.BinaryOp(x, token.REM, y)) != 0
}

func (p *pass) basic(e ast.Expr, info types.BasicInfo) bool {
	t := p.typeOf(e)
	if t == nil {
		return false
	}

	b, ok := t.Underlying().(*types.Basic)

	return ok && b.Info()&info != 0
}

func checkConstFloat(p *pass) {
	p.divisions(func(_ inspector.Cursor, n *ast.BinaryExpr, x, y, q constant.Value) {
		// The whole quotient tells that the compiler divided integers.
		if p.basic(n, types.IsFloat) && uneven(x, y) && constant.ToInt(q).Kind() == constant.Int {
			p.report(n, "a division of integers for a float")
		}
	})
}

func checkConstDiv(p *pass) {
	p.divisions(func(c inspector.Cursor, n *ast.BinaryExpr, x, y, _ constant.Value) {
		if !p.basic(n, types.IsInteger) || !uneven(x, y) {
			return
		}

		// As an index or a bound it is right.
		switch kind, _ := c.ParentEdge(); kind {
		case edge.IndexExpr_Index, edge.SliceExpr_Low, edge.SliceExpr_High, edge.SliceExpr_Max:
			return
		}

		// As the whole value of a variable it is right.
		switch parent := c.Parent().Node().(type) {
		case *ast.AssignStmt:
			if parent.Tok == token.DEFINE {
				return
			}
		case *ast.ValueSpec:
			if decl, ok := c.Parent().Parent().Node().(*ast.GenDecl); ok && decl.Tok == token.VAR && parent.Type == nil {
				return
			}
		}

		p.report(n, "a division of constants that does not come out even")
	})
}

// byExpression marks a typed constant whose value is an expression.
type byExpression struct{}

// AFact makes byExpression a fact, which importing packages see.
func (*byExpression) AFact() {}

func (*byExpression) String() string { return "by expression" }

func checkConstCompare(p *pass) {
	p.findExpressions()

	for c := range p.root.Preorder((*ast.BinaryExpr)(nil), (*ast.IndexExpr)(nil)) {
		switch n := c.Node().(type) {
		case *ast.BinaryExpr:
			if n.Op != token.EQL && n.Op != token.NEQ || p.constant(n.X) && p.constant(n.Y) {
				continue
			}

			for _, e := range []ast.Expr{n.X, n.Y} {
				if obj := p.expressionConst(e); obj != nil && p.ours(obj.Type()) != nil {
					p.report(n, "%s, a constant of an expression, compared with a variable", obj.Name())
				}
			}
		case *ast.IndexExpr:
			t := p.typeOf(n.X)
			if t == nil {
				continue
			}

			_, isMap := t.Underlying().(*types.Map)
			if obj := p.expressionConst(n.Index); isMap && obj != nil && !overwrites(c) {
				p.report(n, "%s, a constant of an expression, as a key", obj.Name())
			}
		}
	}
}

// expressionConst is the constant that an expression names, if its value is an
// expression.
func (p *pass) expressionConst(e ast.Expr) *types.Const {
	var id *ast.Ident

	switch n := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = n
	case *ast.SelectorExpr:
		id = n.Sel
	default:
		return nil
	}

	obj, ok := p.TypesInfo.Uses[id].(*types.Const)
	if !ok || !p.interpreted(obj.Pkg()) || !p.ImportObjectFact(obj, new(byExpression)) {
		return nil
	}

	return obj
}

// findExpressions exports the fact for this package's constants. A constant
// may be made of one that stands further down, so it looks twice.
func (p *pass) findExpressions() {
	for range 2 {
		for c := range p.root.Preorder((*ast.GenDecl)(nil)) {
			decl := c.Node().(*ast.GenDecl)
			if decl.Tok == token.CONST {
				p.findIn(decl)
			}
		}
	}
}

func (p *pass) findIn(decl *ast.GenDecl) {
	var values []ast.Expr

	typed := false

	for _, s := range decl.Specs {
		spec, ok := s.(*ast.ValueSpec)
		if !ok {
			continue
		}

		if len(spec.Values) > 0 {
			values, typed = spec.Values, spec.Type != nil
		}

		for i, name := range spec.Names {
			obj, ok := p.TypesInfo.Defs[name].(*types.Const)
			if !ok || i >= len(values) || name.Name == "_" {
				continue
			}

			if (typed || p.ours(obj.Type()) != nil) && p.isExpression(values[i]) {
				p.ExportObjectFact(obj, new(byExpression))
			}
		}
	}
}

func (p *pass) isExpression(e ast.Expr) bool {
	switch n := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.Ident, *ast.SelectorExpr:
		return p.expressionConst(n) != nil
	case *ast.CallExpr:
		return len(n.Args) == 1 && p.conversion(n) && p.isExpression(n.Args[0])
	case *ast.UnaryExpr:
		return p.isExpression(n.X)
	}

	return false
}
