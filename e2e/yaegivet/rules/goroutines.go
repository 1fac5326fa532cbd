package rules

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

func checkSelect(p *pass) {
	for c := range p.root.Preorder((*ast.SelectStmt)(nil)) {
		p.report(c.Node(), "select statement")
	}
}

func checkGoCompiled(p *pass) {
	for c := range p.root.Preorder((*ast.GoStmt)(nil)) {
		call := c.Node().(*ast.GoStmt).Call
		if f := p.callee(call); f != nil && f.Pkg() != nil && !p.interpreted(f.Pkg()) {
			p.report(c.Node(), "go %s", f.FullName())
		}
	}
}

func checkGoResults(p *pass) {
	for c := range p.root.Preorder((*ast.GoStmt)(nil)) {
		call := c.Node().(*ast.GoStmt).Call
		if f := p.callee(call); f != nil && !p.interpreted(f.Pkg()) {
			continue // gocompiled
		}

		if sig, ok := p.typeOf(call.Fun).Underlying().(*types.Signature); ok && sig.Results().Len() > 0 {
			p.report(c.Node(), "go of a function with results")
		}
	}
}

// recovers marks a function that defers a recover before it does anything else.
type recovers struct{}

// AFact makes recovers a fact, which importing packages see.
func (*recovers) AFact() {}

func (*recovers) String() string { return "recovers" }

func checkGoRecover(p *pass) {
	decls := p.decls()

	for f, c := range decls {
		if p.defersRecover(c.Node().(*ast.FuncDecl).Body, decls) {
			p.ExportObjectFact(f, new(recovers))
		}
	}

	for c := range p.root.Preorder((*ast.GoStmt)(nil), (*ast.CallExpr)(nil)) {
		switch n := c.Node().(type) {
		case *ast.GoStmt:
			f := p.callee(n.Call)
			if f != nil && f.Pkg() != nil && !p.interpreted(f.Pkg()) {
				continue // gocompiled
			}

			if !p.safeToStart(n.Call.Fun, decls) {
				p.report(n, "a goroutine without a deferred recover")
			}
		case *ast.CallExpr:
			if p.calls(n, "time.AfterFunc", "context.AfterFunc") && len(n.Args) == 2 && !p.safeToStart(n.Args[1], decls) {
				p.report(n.Args[1], "a function without a deferred recover for a goroutine of AfterFunc")
			}
		}
	}
}

// safeToStart says whether the function that an expression means recovers, or
// is one of package context, which does not panic.
func (p *pass) safeToStart(fun ast.Expr, decls map[*types.Func]inspector.Cursor) bool {
	if named, ok := types.Unalias(p.typeOf(fun)).(*types.Named); ok && named.Obj().Name() == "CancelFunc" && !p.interpreted(named.Obj().Pkg()) {
		return true
	}

	switch n := ast.Unparen(fun).(type) {
	case *ast.FuncLit:
		return p.defersRecover(n.Body, decls)
	case *ast.Ident:
		return p.recovering(p.TypesInfo.Uses[n])
	case *ast.SelectorExpr:
		return p.recovering(p.TypesInfo.Uses[n.Sel])
	}

	return false
}

func (p *pass) recovering(obj types.Object) bool {
	f, ok := obj.(*types.Func)

	return ok && p.interpreted(f.Pkg()) && p.ImportObjectFact(f.Origin(), new(recovers))
}

// defersRecover looks for the deferred recover among the statements that come
// before the first one that does something. A body that is one call of a
// function that recovers will do too.
func (p *pass) defersRecover(body *ast.BlockStmt, decls map[*types.Func]inspector.Cursor) bool {
	if body == nil {
		return false
	}

	if len(body.List) == 1 {
		if s, ok := body.List[0].(*ast.ExprStmt); ok {
			call, ok := s.X.(*ast.CallExpr)
			if !ok {
				return false
			}

			f := p.callee(call)
			if f == nil {
				return false
			}

			if c, ok := decls[f]; ok && c.Node().(*ast.FuncDecl).Body != body {
				return p.defersRecover(c.Node().(*ast.FuncDecl).Body, nil)
			}

			return p.recovering(f)
		}
	}

	for _, s := range body.List {
		switch s := s.(type) {
		case *ast.DeferStmt:
			if lit, ok := s.Call.Fun.(*ast.FuncLit); ok && p.callsRecover(lit.Body) {
				return true
			}

			if f := p.callee(s.Call); f != nil {
				if c, ok := decls[f]; ok && p.callsRecover(c.Node().(*ast.FuncDecl).Body) {
					return true
				}
			}
		case *ast.AssignStmt, *ast.DeclStmt:
		default:
			return false
		}
	}

	return false
}

// callsRecover says whether a body calls recover itself, not in a literal.
func (p *pass) callsRecover(body *ast.BlockStmt) bool {
	found := false

	if body == nil {
		return false
	}

	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = found || p.builtin(n) == "recover"
		}

		return !found
	})

	return found
}

func checkSetenv(p *pass) {
	for c := range p.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if p.calls(call, "os.Setenv", "os.Unsetenv", "os.Clearenv") {
			p.report(call, "%s", p.callee(call).FullName())
		}
	}
}

func checkMutexValue(p *pass) {
	seen := map[types.Type]bool{}

	for id, obj := range p.TypesInfo.Defs {
		v, ok := obj.(*types.Var)
		if !ok {
			continue
		}

		if named := p.lockByValue(v.Type(), seen); named != nil {
			p.report(id, "%s holds a %s, which has a lock, by value", v.Name(), named.Obj().Name())
		}
	}
}

// lockByValue is the type of ours with a lock that a variable of type t holds.
func (p *pass) lockByValue(t types.Type, seen map[types.Type]bool) *types.Named {
	switch u := types.Unalias(t).(type) {
	case *types.Slice:
		return p.lockByValue(u.Elem(), seen)
	case *types.Array:
		return p.lockByValue(u.Elem(), seen)
	case *types.Map:
		return p.lockByValue(u.Elem(), seen)
	case *types.Chan:
		return p.lockByValue(u.Elem(), seen)
	case *types.Named:
		if p.interpreted(u.Obj().Pkg()) && p.hasLock(u, seen) {
			return u
		}
	}

	return nil
}

func (p *pass) hasLock(t types.Type, seen map[types.Type]bool) bool {
	if known, ok := seen[t]; ok {
		return known
	}

	seen[t] = false

	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}

	for i := range fields.NumFields() {
		f := types.Unalias(fields.Field(i).Type())

		if array, ok := f.(*types.Array); ok {
			f = array.Elem()
		}

		named, ok := f.(*types.Named)
		if !ok {
			continue
		}

		pkg := named.Obj().Pkg()
		compiled := pkg != nil && (pkg.Path() == "sync" || pkg.Path() == "sync/atomic") && !types.IsInterface(named)

		if compiled || p.interpreted(pkg) && p.hasLock(named, seen) {
			seen[t] = true
			return true
		}
	}

	return false
}

// checkColdStart wants the first New to run every path alone. What it runs is
// for a test under the race detector to judge.
func checkColdStart(p *pass) {
	scope := p.Pkg.Scope()

	create, ok := scope.Lookup("CreateConfig").(*types.Func)
	if !ok || create == nil {
		return
	}

	decls := p.decls()

	for f, c := range decls {
		if f.Name() == "New" && packageLevel(f) && !p.doesOnce(c, decls, true) {
			p.report(c.Node().(*ast.FuncDecl).Name, "New without a rehearsal")
		}
	}
}

func (p *pass) doesOnce(c inspector.Cursor, decls map[*types.Func]inspector.Cursor, deeper bool) bool {
	for n := range c.Preorder((*ast.CallExpr)(nil)) {
		call := n.Node().(*ast.CallExpr)
		if p.calls(call, "(*sync.Once).Do") {
			return true
		}

		if inner, ok := decls[p.callee(call)]; ok && deeper && p.doesOnce(inner, decls, false) {
			return true
		}
	}

	return false
}
