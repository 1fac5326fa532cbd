package rules

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"

	"golang.org/x/tools/go/ast/inspector"
)

// checkConditionStart follows the interpreter to the first step that it takes
// for the left side of && or ||. Where that step has nothing to do, it is made
// a condition by mistake: && and || were meant to do that to a plain variable.
func checkConditionStart(p *pass) {
	for n := range p.logical() {
		// The left side itself is rightly a condition, also in parentheses.
		if leaf(ast.Unparen(n.X)) {
			continue
		}

		switch e := p.firstStep(n.X).(type) {
		case *ast.KeyValueExpr:
			p.report(e, "a literal with keys as the beginning of what is left of %s", n.Op)
		case *ast.ParenExpr:
			p.report(e, "a name or value in parentheses as the beginning of what is left of %s", n.Op)
		case *ast.StructType, *ast.InterfaceType, *ast.FuncType:
			p.report(e, "a type without a name as the beginning of what is left of %s", n.Op)
		}
	}
}

// logical yields what is made of && and ||.
func (p *pass) logical() iter.Seq[*ast.BinaryExpr] {
	return func(yield func(*ast.BinaryExpr) bool) {
		for c := range p.root.Preorder((*ast.BinaryExpr)(nil)) {
			n := c.Node().(*ast.BinaryExpr)
			if logicalOp(n.Op) && !yield(n) {
				return
			}
		}
	}
}

func logicalOp(op token.Token) bool { return op == token.LAND || op == token.LOR }

// leaf says whether the interpreter has no step for an expression, but reads it
// where it is used.
func leaf(e ast.Expr) bool {
	switch e.(type) {
	case *ast.Ident, *ast.BasicLit, *ast.ArrayType, *ast.MapType, *ast.ChanType:
		return true
	}

	return false
}

// firstStep is the part of an expression that the interpreter comes to first.
func (p *pass) firstStep(e ast.Expr) ast.Expr {
	if n, ok := e.(*ast.BinaryExpr); ok && logicalOp(n.Op) {
		return nil // it is looked at by itself, and has the same first step
	}

	for _, part := range p.parts(e) {
		if part != nil && !leaf(part) {
			return p.firstStep(part)
		}
	}

	return e
}

// parts are the parts of an expression, in the order of the source.
func (p *pass) parts(e ast.Expr) []ast.Expr {
	switch n := e.(type) {
	case *ast.BinaryExpr:
		return []ast.Expr{n.X, n.Y}
	case *ast.CallExpr:
		if _, ok := n.Fun.(*ast.IndexExpr); ok && p.callee(n) != nil {
			return n.Args // f[T] becomes a name
		}

		return append([]ast.Expr{n.Fun}, n.Args...)
	case *ast.CompositeLit:
		return append([]ast.Expr{n.Type}, n.Elts...)
	case *ast.IndexExpr:
		return []ast.Expr{n.X, n.Index}
	case *ast.KeyValueExpr:
		return []ast.Expr{n.Key, n.Value}
	case *ast.ParenExpr:
		return []ast.Expr{n.X}
	case *ast.SelectorExpr:
		return []ast.Expr{n.X}
	case *ast.SliceExpr:
		return []ast.Expr{n.X, n.Low, n.High, n.Max}
	case *ast.StarExpr:
		if !p.TypesInfo.Types[n].IsType() {
			return []ast.Expr{n.X}
		}
	case *ast.TypeAssertExpr:
		return []ast.Expr{n.X, n.Type}
	case *ast.UnaryExpr:
		return []ast.Expr{n.X}
	}

	return nil
}

// computed marks a package variable for conditions that the interpreter does
// not take for a constant.
type computed struct{}

// AFact makes computed a fact, which importing packages see.
func (*computed) AFact() {}

func (*computed) String() string { return "computed" }

// checkConditionBranch looks at the conditions that the interpreter makes a
// value of, but no branch. In parentheses they are right.
func checkConditionBranch(p *pass) {
	p.packageSpecs(func(_ inspector.Cursor, spec *ast.ValueSpec) {
		for i, name := range spec.Names {
			v, ok := p.TypesInfo.Defs[name].(*types.Var)
			if ok && p.basic(name, types.IsBoolean) && (i >= len(spec.Values) || !p.literal(spec.Values[i])) {
				p.ExportObjectFact(v, new(computed))
			}
		}
	})

	for n := range p.logical() {
		p.checkBranch(n.X, true)
	}

	for c := range p.root.Preorder((*ast.IfStmt)(nil), (*ast.ForStmt)(nil), (*ast.SwitchStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.IfStmt:
			p.checkBranch(n.Cond, false)
		case *ast.ForStmt:
			if n.Cond != nil {
				p.checkBranch(n.Cond, false)
			}
		case *ast.SwitchStmt:
			if n.Tag == nil {
				p.checkCases(n)
			}
		}
	}
}

func (p *pass) checkCases(n *ast.SwitchStmt) {
	for _, s := range n.Body.List {
		clause, ok := s.(*ast.CaseClause)
		if !ok {
			continue
		}

		for _, e := range clause.List {
			p.checkBranch(e, true)
		}
	}
}

// checkBranch looks at one condition. What is constant is never run where the
// interpreter looks for constants first, which is in if and for.
func (p *pass) checkBranch(e ast.Expr, constants bool) {
	if p.constant(e) && !constants {
		return
	}

	switch n := e.(type) {
	case *ast.TypeAssertExpr:
		p.report(n, "a type assertion as a condition")
	case *ast.CallExpr:
		if p.conversion(n) {
			p.report(n, "a conversion as a condition")
		}
	case *ast.UnaryExpr:
		if p.constant(n) {
			p.report(n, "! of a constant as a condition")
		}
	case *ast.SelectorExpr:
		obj := p.TypesInfo.Uses[n.Sel]
		if !packageLevel(obj) || obj.Pkg() == p.Pkg || !p.interpreted(obj.Pkg()) {
			return
		}

		v, ok := obj.(*types.Var)
		if !ok || constants || p.ImportObjectFact(v, new(computed)) {
			p.report(n, "%s of another package as a condition", n.Sel.Name)
		}
	}
}
