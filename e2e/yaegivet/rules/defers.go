package rules

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

func checkDeferClosure(p *pass) {
	for c := range p.root.Preorder((*ast.DeferStmt)(nil)) {
		for call := range c.Preorder((*ast.CallExpr)(nil)) {
			fun := call.Node().(*ast.CallExpr).Fun

			v := p.variable(fun)
			if v == nil || packageLevel(v) || v.IsField() || within(v.Pos(), c.Node()) {
				continue
			}

			if p.holdsLiteral(c, v) {
				p.report(call.Node(), "closure %s called in a defer", v.Name())
			}
		}
	}
}

// holdsLiteral says whether a variable is set to a literal of its function.
func (p *pass) holdsLiteral(at inspector.Cursor, v *types.Var) bool {
	for id := range p.uses(p.scope(at), v) {
		kind, i := id.ParentEdge()

		var value ast.Expr

		switch n := id.Parent().Node().(type) {
		case *ast.AssignStmt:
			if kind == edge.AssignStmt_Lhs && len(n.Lhs) == len(n.Rhs) {
				value = n.Rhs[i]
			}
		case *ast.ValueSpec:
			if kind == edge.ValueSpec_Names && i < len(n.Values) && len(n.Names) == len(n.Values) {
				value = n.Values[i]
			}
		}

		if value == nil {
			continue
		}

		if _, ok := ast.Unparen(value).(*ast.FuncLit); ok {
			return true
		}
	}

	return false
}

// waiting are methods that wait for another goroutine.
var waiting = []string{"(*sync.WaitGroup).Wait", "(*sync.Cond).Wait"}

func checkDeferWait(p *pass) {
	for c := range p.root.Preorder((*ast.DeferStmt)(nil)) {
		n := c.Node().(*ast.DeferStmt)
		if p.calls(n.Call, waiting...) {
			p.report(n, "a wait in a defer")
			continue
		}

		lit, ok := n.Call.Fun.(*ast.FuncLit)
		if !ok {
			continue
		}

		ast.Inspect(lit.Body, func(inner ast.Node) bool {
			waits := false

			switch inner := inner.(type) {
			case *ast.FuncLit:
				return false
			case *ast.CallExpr:
				waits = p.calls(inner, waiting...)
			case *ast.UnaryExpr:
				waits = inner.Op == token.ARROW
			case *ast.SelectStmt:
				waits = true
			case *ast.RangeStmt:
				if t := p.typeOf(inner.X); t != nil {
					_, waits = t.Underlying().(*types.Chan)
				}
			}

			if waits {
				p.report(inner, "a wait in a defer")
			}

			return true
		})
	}
}

// panicking are functions that end in a panic.
var panicking = []string{
	"log.Panic", "log.Panicf", "log.Panicln", "(*log.Logger).Panic", "(*log.Logger).Panicf", "(*log.Logger).Panicln",
}

// checkDeferPanic looks into deferred functions and what they call, one call
// deep. A panic of the runtime, such as a nil map, does not show in the source.
func checkDeferPanic(p *pass) {
	decls := p.decls()

	for c := range p.root.Preorder((*ast.DeferStmt)(nil)) {
		call := c.Node().(*ast.DeferStmt).Call

		if lit, ok := call.Fun.(*ast.FuncLit); ok {
			p.findPanics(lit.Body)
			continue
		}

		if p.panics(call) {
			p.report(call, "a deferred panic")
			continue
		}

		f := p.callee(call)
		if decl, ok := decls[f]; ok {
			p.findPanics(decl.Node().(*ast.FuncDecl).Body)
		} else if p.does(f) != nil && p.does(f).Panics {
			p.report(call, "a deferred %s, which panics", f.Name())
		}
	}
}

func (p *pass) panics(call *ast.CallExpr) bool {
	return p.builtin(call) == "panic" || p.calls(call, panicking...)
}

func (p *pass) findPanics(in *ast.BlockStmt) {
	if in == nil {
		return
	}

	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if p.panics(n) {
				p.report(n, "a panic in a deferred function")
			}

			if f := p.callee(n); p.does(f) != nil && p.does(f).Panics {
				p.report(n, "%s, which panics, in a deferred function", f.Name())
			}
		}

		return true
	})
}

func checkDeferArgs(p *pass) {
	for c := range p.root.Preorder((*ast.DeferStmt)(nil)) {
		call := c.Node().(*ast.DeferStmt).Call

		for _, arg := range call.Args {
			if !p.settled(c, arg, p.builtin(call) == "close") {
				p.report(arg, "an argument of a defer that may change")
			}
		}

		// The receiver of a deferred method is read late, too.
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			if v := p.base(sel.X); v != nil && p.changesAfter(c, v) {
				p.report(sel.X, "the receiver of a defer that may change")
			}
		}
	}
}

// settled says whether an expression has the same value when a defer runs as
// it had when the defer was met.
func (p *pass) settled(at inspector.Cursor, e ast.Expr, closes bool) bool {
	if p.constant(e) || p.isNil(e) {
		return true
	}

	switch n := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return true
	case *ast.Ident:
		if _, ok := p.object(n).(*types.Func); ok {
			return true
		}

		v := p.variable(n)

		return v != nil && !packageLevel(v) && !p.changesAfter(at, v)
	case *ast.SelectorExpr:
		// close(t.done) is a habit that nothing speaks against.
		v := p.base(n)
		return closes && (v == nil || !p.changesAfter(at, v))
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			v := p.variable(n.X)
			return v != nil && !packageLevel(v)
		}
	}

	return false
}

// base is the variable at the beginning of a.b.c.
func (p *pass) base(e ast.Expr) *types.Var {
	for {
		switch n := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = n.X
		case *ast.StarExpr:
			e = n.X
		case *ast.IndexExpr:
			e = n.X
		case *ast.Ident:
			return p.variable(n)
		default:
			return nil
		}
	}
}

func checkRecovered(p *pass) {
	decls := p.decls()

	for c := range p.root.Preorder((*ast.CallExpr)(nil)) {
		if p.builtin(c.Node().(*ast.CallExpr)) != "recover" {
			continue
		}

		p.followRecovered(c, decls, 0)
	}
}

// followRecovered looks at what is done with the value at c.
func (p *pass) followRecovered(c inspector.Cursor, decls map[*types.Func]inspector.Cursor, depth int) {
	kind, i := c.ParentEdge()
	parent := c.Parent()

	switch kind {
	case edge.ParenExpr_X:
		p.followRecovered(parent, decls, depth)
	case edge.TypeAssertExpr_X:
		p.report(parent.Node(), "the value of recover asserted")
	case edge.SwitchStmt_Tag:
		p.report(c.Node(), "the value of recover in a switch")
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		n := parent.Node().(*ast.BinaryExpr)
		if !p.isNil(n.X) && !p.isNil(n.Y) {
			p.report(n, "the value of recover compared")
		}
	case edge.AssignStmt_Rhs:
		n := parent.Node().(*ast.AssignStmt)
		if len(n.Lhs) == len(n.Rhs) {
			p.followVariable(parent, p.variable(n.Lhs[i]), decls, depth)
		}
	case edge.ValueSpec_Values:
		n := parent.Node().(*ast.ValueSpec)
		if len(n.Names) == len(n.Values) {
			p.followVariable(parent, p.variable(n.Names[i]), decls, depth)
		}
	case edge.CallExpr_Args:
		call := parent.Node().(*ast.CallExpr)
		if p.calls(call, "errors.Is", "errors.As") {
			p.report(call, "the value of recover given to package errors")
			return
		}

		f := p.callee(call)
		if decl, ok := decls[f]; ok && !f.Signature().Variadic() && i < f.Signature().Params().Len() {
			p.followVariable(decl, f.Signature().Params().At(i), decls, depth)
		}
	}
}

func (p *pass) followVariable(at inspector.Cursor, v *types.Var, decls map[*types.Func]inspector.Cursor, depth int) {
	if v == nil || v.IsField() || depth > 3 {
		return
	}

	for id := range p.uses(p.scope(at), v) {
		if kind, _ := id.ParentEdge(); kind != edge.AssignStmt_Lhs {
			p.followRecovered(id, decls, depth+1)
		}
	}
}
