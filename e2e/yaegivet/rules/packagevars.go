package rules

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// packageSpecs yields the variables at package level, from top to bottom.
func (p *pass) packageSpecs(f func(c inspector.Cursor, spec *ast.ValueSpec)) {
	for c := range p.root.Preorder((*ast.ValueSpec)(nil)) {
		decl, ok := c.Parent().Node().(*ast.GenDecl)
		if !ok || decl.Tok != token.VAR {
			continue
		}

		if _, ok := c.Parent().Parent().Node().(*ast.File); ok {
			f(c, c.Node().(*ast.ValueSpec))
		}
	}
}

func checkVarTuple(p *pass) {
	p.packageSpecs(func(_ inspector.Cursor, spec *ast.ValueSpec) {
		if len(spec.Names) > 1 && len(spec.Values) == 1 {
			p.report(spec, "two variables set by one expression")
		}
	})
}

// checkVarOrder follows the calls in the value of each package variable.
func checkVarOrder(p *pass) {
	decls := p.decls()

	p.packageSpecs(func(c inspector.Cursor, spec *ast.ValueSpec) {
		for i := range spec.Values {
			value := c.ChildAt(edge.ValueSpec_Values, i)
			w := walk{p: p, decls: decls, from: spec.Pos(), seen: map[*types.Func]bool{}}
			w.look(value, false)

			if w.found != nil {
				p.report(spec.Values[i], "%s, which this value needs, is declared below", w.found.Name())
			}
		}
	})
}

// walk looks for what the value of a package variable reads.
type walk struct {
	p     *pass
	decls map[*types.Func]inspector.Cursor
	from  token.Pos
	seen  map[*types.Func]bool
	found types.Object
}

// look reads an expression or a body. A variable that is used directly is
// seen by the interpreter, one that a function uses is not.
func (w *walk) look(c inspector.Cursor, inFunction bool) {
	c.Inspect([]ast.Node{(*ast.Ident)(nil), (*ast.CallExpr)(nil), (*ast.FuncLit)(nil)}, func(n inspector.Cursor) bool {
		switch node := n.Node().(type) {
		case *ast.FuncLit:
			// Called at once it is part of the value; else it runs later.
			kind, _ := n.ParentEdge()
			return inFunction || kind == edge.CallExpr_Fun
		case *ast.CallExpr:
			f := w.p.callee(node)
			if f == nil {
				return true
			}

			decl, ok := w.decls[f.Origin()]
			if ok && !w.seen[f.Origin()] {
				w.seen[f.Origin()] = true
				w.look(decl, true)
			}
		case *ast.Ident:
			w.use(w.p.TypesInfo.Uses[node], n, inFunction)
		}

		return w.found == nil
	})
}

func (w *walk) use(obj types.Object, at inspector.Cursor, inFunction bool) {
	if obj == nil || obj.Pkg() != w.p.Pkg || !packageLevel(obj) || !w.later(obj.Pos()) {
		return
	}

	switch obj := obj.(type) {
	case *types.Var:
		if inFunction && w.valued(obj) {
			w.found = obj
		}
	case *types.Const:
		// The interpreter folds an operator on it while it is unknown; as an
		// argument or an element, or in a function, it is found.
		if !inFunction && operand(at) {
			w.found = obj
		}
	}
}

// operand says whether an expression is a part of the package variable's whole
// value by operators alone, and at least one.
func operand(c inspector.Cursor) bool {
	under := false

	for {
		switch kind, _ := c.ParentEdge(); kind {
		case edge.BinaryExpr_X, edge.BinaryExpr_Y, edge.UnaryExpr_X:
			under = true
		case edge.ParenExpr_X:
		case edge.ValueSpec_Values:
			return under
		default:
			return false
		}

		c = c.Parent()
	}
}

// valued says whether a variable is declared with a value.
func (w *walk) valued(v *types.Var) bool {
	for c := range w.p.root.Preorder((*ast.ValueSpec)(nil)) {
		spec := c.Node().(*ast.ValueSpec)
		for _, name := range spec.Names {
			if w.p.TypesInfo.Defs[name] == v {
				return len(spec.Values) > 0
			}
		}
	}

	return false
}

// later says whether a position comes after the variable: further down, or in
// a file that the interpreter reads later.
func (w *walk) later(pos token.Pos) bool {
	mine := w.p.Fset.Position(w.from)
	other := w.p.Fset.Position(pos)

	if mine.Filename == other.Filename {
		return other.Offset > mine.Offset
	}

	return other.Filename > mine.Filename
}

// changing marks a package variable that begins as a literal and is assigned
// in its package.
type changing struct{}

// AFact makes changing a fact, which importing packages see.
func (*changing) AFact() {}

func (*changing) String() string { return "changing" }

func checkForeignVar(p *pass) {
	p.packageSpecs(func(_ inspector.Cursor, spec *ast.ValueSpec) {
		for i, name := range spec.Names {
			v, ok := p.TypesInfo.Defs[name].(*types.Var)
			if ok && i < len(spec.Values) && p.literal(spec.Values[i]) && p.everWritten(v) {
				p.ExportObjectFact(v, new(changing))
			}
		}
	})

	for c := range p.root.Preorder((*ast.SelectorExpr)(nil)) {
		n := c.Node().(*ast.SelectorExpr)

		v, ok := p.TypesInfo.Uses[n.Sel].(*types.Var)
		if !ok || v.IsField() || v.Pkg() == p.Pkg || !packageLevel(v) || !p.interpreted(v.Pkg()) {
			continue
		}

		if written(c) {
			p.checkForeignWrite(c, n)
			continue
		}

		if p.ImportObjectFact(v, new(changing)) {
			p.report(n, "%s began as a literal and changes", v.Name())
		}
	}
}

// checkForeignWrite knows what arrives in another package's variable: local
// variables, literals of basic types and of functions, and ++.
func (p *pass) checkForeignWrite(c inspector.Cursor, n *ast.SelectorExpr) {
	kind, i := c.ParentEdge()

	assign, ok := c.Parent().Node().(*ast.AssignStmt)
	if !ok || kind != edge.AssignStmt_Lhs {
		return
	}

	if len(assign.Lhs) != len(assign.Rhs) {
		p.report(n, "a call's result assigned to %s", n.Sel.Name)
		return
	}

	switch e := ast.Unparen(assign.Rhs[i]).(type) {
	case *ast.BasicLit, *ast.Ident, *ast.FuncLit:
	case *ast.UnaryExpr:
		if e.Op != token.AND && !p.constant(e) {
			p.report(n, "an expression assigned to %s", n.Sel.Name)
		}
	default:
		p.report(n, "an expression assigned to %s", n.Sel.Name)
	}
}

// literal says whether the interpreter takes a variable with that value for a
// constant.
func (p *pass) literal(e ast.Expr) bool {
	if !p.constant(e) {
		return false
	}

	return p.basic(e, types.IsConstType)
}

func (p *pass) everWritten(v *types.Var) bool {
	for id := range p.uses(p.root, v) {
		if id.Node().Pos() != v.Pos() && written(id) {
			return true
		}
	}

	return false
}
