package rules

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// anyFunc stands for a call of who knows what.
const anyFunc = "*"

// callsBack marks a function that calls function values, by itself or by what
// it calls: their signatures, or anyFunc.
type callsBack struct{ Signatures []string }

// AFact makes callsBack a fact, which importing packages see.
func (*callsBack) AFact() {}

func (c *callsBack) String() string { return "calls back " + strings.Join(c.Signatures, ", ") }

// quiet are methods of interfaces that are called in defers everywhere and
// hardly ever call back.
var quiet = map[string]bool{
	"Close": true, "Stop": true, "Done": true, "Lock": true, "Unlock": true, "RUnlock": true, "Err": true, "Error": true,
	"Header": true, "Write": true, "WriteHeader": true, "Read": true,
}

// signatures is a set of them.
type signatures map[string]bool

func (s signatures) list() []string {
	list := make([]string, 0, len(s))
	for one := range s {
		list = append(list, one)
	}

	slices.Sort(list)

	return list
}

// signatureKey is the same for functions that a variable could hold both of.
func signatureKey(t types.Type) string {
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return anyFunc
	}

	var b strings.Builder

	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		b.WriteByte('(')

		for i := range tuple.Len() {
			fmt.Fprintf(&b, "%s,", types.TypeString(tuple.At(i).Type(), nil))
		}

		b.WriteByte(')')
	}

	return b.String()
}

// checkDeferFrame looks for function literals that deferred calls of the same
// function may reach.
func checkDeferFrame(p *pass) {
	known := p.callsBack()

	for c := range p.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		kept := p.keptLiterals(c)
		if len(kept) == 0 {
			continue
		}

		for d := range c.Preorder((*ast.DeferStmt)(nil)) {
			if f, ok := function(d); !ok || f.Node() != c.Node() {
				continue
			}

			reached := signatures{}
			p.reach(d, reached, known)

			if reached[anyFunc] || slices.ContainsFunc(kept, func(lit *ast.FuncLit) bool { return reached[signatureKey(p.typeOf(lit))] }) {
				p.report(d.Node(), "a deferred call that may call a function literal of this function")
			}
		}
	}
}

// callsBack says for each function of this package what it calls back, and
// tells the packages that import it.
func (p *pass) callsBack() map[*types.Func]signatures {
	known := map[*types.Func]signatures{}
	decls := p.decls()

	for f := range decls {
		known[f] = signatures{}
	}

	for changed := true; changed; {
		changed = false

		for f, c := range decls {
			before := len(known[f])
			p.reach(c, known[f], known)
			changed = changed || len(known[f]) > before
		}
	}

	for f, found := range known {
		if f.Exported() && len(found) > 0 {
			p.ExportObjectFact(f, &callsBack{Signatures: found.list()})
		}
	}

	return known
}

// reach adds what the calls under c may call back. What runs in another
// goroutine does not count.
func (p *pass) reach(c inspector.Cursor, found signatures, known map[*types.Func]signatures) {
	for at := range c.Preorder((*ast.CallExpr)(nil)) {
		if kind, _ := at.ParentEdge(); kind == edge.GoStmt_Call {
			continue
		}

		p.reachCall(c, at.Node().(*ast.CallExpr), found, known)
	}
}

func (p *pass) reachCall(from inspector.Cursor, call *ast.CallExpr, found signatures, known map[*types.Func]signatures) {
	if p.conversion(call) || p.builtin(call) != "" {
		return
	}

	f, ok := typeutil.Callee(p.TypesInfo, call).(*types.Func)
	if !ok {
		p.reachValue(from, call, found)
		return
	}

	f = f.Origin()

	recv := f.Signature().Recv()
	if recv != nil && types.IsInterface(recv.Type()) {
		if !quiet[f.Name()] || p.interpreted(f.Pkg()) {
			found[anyFunc] = true
		}

		return
	}

	if p.interpreted(f.Pkg()) {
		p.reachOurs(f, found, known)
		return
	}

	p.reachCompiled(call, found, known)
}

// reachOurs is reachCall for a function whose calls are known.
func (p *pass) reachOurs(f *types.Func, found signatures, known map[*types.Func]signatures) {
	for one := range known[f] {
		found[one] = true
	}

	fact := new(callsBack)
	if f.Pkg() != p.Pkg && p.ImportObjectFact(f, fact) {
		for _, one := range fact.Signatures {
			found[one] = true
		}
	}
}

// reachValue is reachCall for a function value. Closures that are called by
// their name are the matter of deferclosure.
func (p *pass) reachValue(from inspector.Cursor, call *ast.CallExpr, found signatures) {
	t := p.typeOf(call.Fun)
	if _, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok || t == nil || p.cancels(t) {
		return
	}

	if v := p.variable(call.Fun); v != nil && !packageLevel(v) && (within(v.Pos(), from.Node()) || p.holdsLiteral(from, v)) {
		if _, deferred := from.Node().(*ast.DeferStmt); deferred {
			return
		}
	}

	found[signatureKey(t)] = true
}

// reachCompiled is reachCall for a compiled function: it calls the functions
// that it gets, and fmt the methods of ours.
func (p *pass) reachCompiled(call *ast.CallExpr, found signatures, known map[*types.Func]signatures) {
	for _, a := range call.Args {
		if _, ok := ast.Unparen(a).(*ast.FuncLit); ok {
			if p.calls(call, notKeeping...) || p.calls(call, "time.AfterFunc", "context.AfterFunc") {
				continue
			}
		}

		t := p.typeOf(a)
		if t == nil || p.cancels(t) {
			continue
		}

		if _, ok := t.Underlying().(*types.Signature); ok {
			found[signatureKey(t)] = true
		}

		if p.speaks(t) {
			for _, name := range []string{"String", "Error"} {
				if m := method(t, name); m != nil {
					p.reachOurs(m.Origin(), found, known)
				}
			}
		}
	}
}

// cancels says whether a function is one that package context made.
func (p *pass) cancels(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && strings.HasPrefix(named.Obj().Name(), "Cancel") && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

// keptLiterals are the literals that the function at c makes and keeps: not
// those that are called at once, lent, deferred or started.
func (p *pass) keptLiterals(c inspector.Cursor) []*ast.FuncLit {
	var kept []*ast.FuncLit

	for l := range c.Preorder((*ast.FuncLit)(nil)) {
		if f, ok := function(l); !ok || f.Node() != c.Node() {
			continue
		}

		kind, _ := l.ParentEdge()
		if kind == edge.CallExpr_Fun || kind == edge.ReturnStmt_Results {
			continue
		}

		if _, started := l.Parent().Parent().Node().(*ast.GoStmt); started || p.keptAs(l) == calledAtOnce {
			continue
		}

		if !p.calledByName(l) {
			kept = append(kept, l.Node().(*ast.FuncLit))
		}
	}

	return kept
}

// calledByName says whether a literal is in a variable that is used for calls
// and nothing else.
func (p *pass) calledByName(l inspector.Cursor) bool {
	kind, i := l.ParentEdge()

	var place ast.Expr

	switch n := l.Parent().Node().(type) {
	case *ast.AssignStmt:
		if kind == edge.AssignStmt_Rhs && len(n.Lhs) == len(n.Rhs) {
			place = n.Lhs[i]
		}
	case *ast.ValueSpec:
		if kind == edge.ValueSpec_Values && len(n.Names) == len(n.Values) {
			place = n.Names[i]
		}
	}

	v := p.variable(place)
	if place == nil || v == nil || packageLevel(v) || v.IsField() {
		return false
	}

	for id := range p.uses(p.scope(l), v) {
		switch kind, _ := id.ParentEdge(); kind {
		case edge.CallExpr_Fun, edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		default:
			return false
		}
	}

	return true
}
