package rules

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// fate is what becomes of a value that a function gets.
type fate uint8

const (
	fateKept     fate = 1 << iota // it lies somewhere when the call is over
	fateReturned                  // it is a result, or part of one
	fateEncoded                   // encoding/json and the like look into it
	fatePrinted                   // fmt prints it under a verb that shows the wrapper
)

// does is what the rules need to know of a function that is called.
type does struct {
	Receiver fate
	Params   []fate
	Panics   bool // in its own body, with nothing there that recovers
}

// AFact makes does a fact, which importing packages see.
func (*does) AFact() {}

func (d *does) String() string { return fmt.Sprintf("does %d %v %v", d.Receiver, d.Params, d.Panics) }

// param is what becomes of an argument.
func (d *does) param(i int) fate {
	if d == nil || len(d.Params) == 0 {
		return 0
	}

	return d.Params[min(i, len(d.Params)-1)] // the last one may be variadic
}

// behaviour finds out what functions do with what they get, for all rules
// together. It follows values through calls of functions, not of function
// values or of methods of interfaces: nobody knows who is called there.
var behaviour = &analysis.Analyzer{
	Name:       "behaviour",
	Doc:        "find out what functions do with what they get",
	Requires:   []*analysis.Analyzer{inspect.Analyzer},
	FactTypes:  []analysis.Fact{new(does)},
	ResultType: reflect.TypeOf(map[types.Object]*does(nil)),
	Run:        runBehaviour,
}

func runBehaviour(a *analysis.Pass) (any, error) {
	found, ok := a.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	if !ok {
		return nil, errors.New("behaviour: no syntax trees")
	}

	known := map[types.Object]*does{}

	for _, fact := range a.AllObjectFacts() {
		if d, ok := fact.Fact.(*does); ok {
			known[fact.Object] = d
		}
	}

	// The standard library is compiled.
	if len(a.Files) == 0 || strings.HasPrefix(a.Fset.Position(a.Files[0].Package).Filename, build.Default.GOROOT) {
		return known, nil
	}

	p := &pass{Pass: a, root: found.Root(), functions: known}
	decls := p.decls()

	// A function may hand on to one that is looked at later, so it goes round
	// until nothing is added.
	for changed := true; changed; {
		changed = false

		for f, decl := range decls {
			d := p.behaviourOf(f, decl)
			if before := known[f]; before == nil || !reflect.DeepEqual(before, d) {
				known[f], changed = d, true
			}
		}
	}

	for f := range decls {
		a.ExportObjectFact(f, known[f])
	}

	return known, nil
}

func (p *pass) behaviourOf(f *types.Func, decl inspector.Cursor) *does {
	sig := f.Signature()
	d := &does{Params: make([]fate, sig.Params().Len()), Panics: p.panicsItself(decl)}

	for i := range d.Params {
		d.Params[i] = p.follow(decl, decl.Node()).variable(sig.Params().At(i))
	}

	if sig.Recv() != nil {
		d.Receiver = p.follow(decl, decl.Node()).variable(sig.Recv())
	}

	return d
}

// panicsItself says whether a panic of the function's own gets out of it. A
// deferred function of ours may be one that recovers.
func (p *pass) panicsItself(decl inspector.Cursor) bool {
	n := decl.Node().(*ast.FuncDecl)
	if n.Body == nil {
		return false
	}

	panics := false

	ast.Inspect(n.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			panics = panics || p.panics(n)
		}

		return true
	})

	for c := range decl.Preorder((*ast.DeferStmt)(nil)) {
		call := c.Node().(*ast.DeferStmt).Call
		if f := p.callee(call); f != nil && p.interpreted(f.Pkg()) {
			return false
		}

		for inner := range c.Preorder((*ast.CallExpr)(nil)) {
			if p.builtin(inner.Node().(*ast.CallExpr)) == "recover" {
				return false
			}
		}
	}

	return panics
}

// does is what is known of a function, or nil.
func (p *pass) does(f *types.Func) *does {
	if f == nil {
		return nil
	}

	return p.functions[f.Origin()]
}

// follower goes after a value within a function or the body of a loop.
type follower struct {
	*pass

	home   ast.Node // the function
	inside ast.Node // variables declared in here are gone afterwards
	scope  inspector.Cursor
	seen   map[types.Object]bool
}

// follow starts at c. What lies outside of inside is there afterwards.
func (p *pass) follow(c inspector.Cursor, inside ast.Node) *follower {
	home := c.Node()
	if f, ok := function(c); ok {
		home = f.Node()
	}

	return &follower{pass: p, home: home, inside: inside, scope: p.scope(c), seen: map[types.Object]bool{}}
}

// variable unites what becomes of a variable at its uses.
func (f *follower) variable(v *types.Var) fate {
	if v == nil || f.seen[v] || v.Name() == "" || v.Name() == "_" {
		return 0
	}

	f.seen[v] = true

	var all fate
	for id := range f.uses(f.scope, v) {
		all |= f.use(id)
	}

	return all
}

func (f *follower) use(id inspector.Cursor) fate {
	home, ok := function(id)
	if !ok || home.Node() == f.home {
		return f.value(id, false)
	}

	if _, ok := home.Node().(*ast.FuncLit); !ok {
		return 0
	}

	// What a literal uses lives as long as the literal.
	if kind, _ := home.ParentEdge(); kind == edge.CallExpr_Fun {
		if _, ok := home.Parent().Parent().Node().(*ast.GoStmt); ok {
			return fateKept
		}

		return 0
	}

	if around, ok := function(home); ok && around.Node() == f.home {
		return f.value(home, false)
	}

	return 0
}

// value says what becomes of the value of the expression at c. Collected is
// one that append has put beside others.
func (f *follower) value(c inspector.Cursor, collected bool) fate {
	kind, i := c.ParentEdge()
	parent := c.Parent()

	switch kind {
	case edge.ParenExpr_X, edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
		return f.value(parent, collected)
	case edge.UnaryExpr_X:
		if composite(c.Node().(ast.Expr)) != nil {
			return f.value(parent, collected)
		}
	case edge.SelectorExpr_X:
		return f.selected(c)
	case edge.ReturnStmt_Results:
		return fateReturned
	case edge.SendStmt_Value:
		return fateKept
	case edge.RangeStmt_X:
		if n := parent.Node().(*ast.RangeStmt); n.Value != nil {
			return f.variable(f.pass.variable(n.Value))
		}
	case edge.AssignStmt_Rhs:
		if n := parent.Node().(*ast.AssignStmt); len(n.Lhs) == len(n.Rhs) {
			return f.place(n.Lhs[i], collected)
		}
	case edge.ValueSpec_Values:
		if n := parent.Node().(*ast.ValueSpec); len(n.Names) == len(n.Values) {
			return f.place(n.Names[i], collected)
		}
	case edge.CallExpr_Args:
		return f.argument(parent, i, collected)
	}

	return 0
}

// selected looks at a pointer that a method is called on or a part taken of.
func (f *follower) selected(c inspector.Cursor) fate {
	sel := c.Parent()

	s := f.TypesInfo.Selections[sel.Node().(*ast.SelectorExpr)]
	if s == nil {
		return 0
	}

	if m, ok := s.Obj().(*types.Func); ok {
		if kind, _ := sel.ParentEdge(); kind != edge.CallExpr_Fun {
			return 0
		}

		return f.called(sel.Parent(), f.does(m).receiver(), false)
	}

	if pointer, ok := f.pointerInto(f.part(sel)); ok {
		return f.value(pointer, false)
	}

	return 0
}

func (d *does) receiver() fate {
	if d == nil {
		return 0
	}

	return d.Receiver
}

// called is what becomes of what a call got: what the function does with it,
// and, where it is part of the result, what becomes of that.
func (f *follower) called(call inspector.Cursor, by fate, collected bool) fate {
	all := by &^ fateReturned
	if by&fateReturned != 0 {
		all |= f.value(call, collected)
	}

	return all
}

// compiledKeepers are compiled functions that keep an interface that they get.
var compiledKeepers = []string{"net/http.Handle", "(*net/http.ServeMux).Handle"}

func (f *follower) argument(c inspector.Cursor, i int, collected bool) fate {
	call := c.Node().(*ast.CallExpr)

	if _, ok := c.Parent().Node().(*ast.GoStmt); ok {
		return fateKept
	}

	if f.builtin(call) == "append" {
		if i > 0 && call.Ellipsis.IsValid() && !refers(f.typeOf(call)) {
			return 0 // the elements are copied
		}

		return f.value(c, true)
	}

	if f.conversion(call) {
		return f.value(c, collected)
	}

	callee := f.callee(call)
	if callee == nil {
		return 0
	}

	if f.interpreted(callee.Pkg()) {
		return f.called(c, f.does(callee).param(i), collected)
	}

	var all fate

	if at, ok := codec[callee.FullName()]; ok && at == i {
		all |= fateEncoded
	}

	if f.showsWrapper(call, call.Args[i]) != "" {
		all |= fatePrinted
	}

	if f.calls(call, compiledKeepers...) {
		all |= fateKept
	}

	return all
}

// refers says whether a list holds interfaces or pointers.
func refers(t types.Type) bool {
	list, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}

	_, pointer := list.Elem().Underlying().(*types.Pointer)

	return pointer || types.IsInterface(list.Elem())
}

// place says what becomes of a value that is put there.
func (f *follower) place(place ast.Expr, collected bool) fate {
	v := f.base(place)
	if v == nil || v.Name() == "_" {
		return 0
	}

	_, plain := ast.Unparen(place).(*ast.Ident)
	decl, ok := f.inside.(*ast.FuncDecl)

	if _, star := ast.Unparen(place).(*ast.StarExpr); star && !collected {
		return 0 // one value alone
	}

	switch {
	case packageLevel(v):
		return fateKept
	case !within(v.Pos(), f.inside):
		// A variable outside of a loop holds one value alone.
		if collected || !plain {
			return fateKept
		}
	case ok && !plain && decl.Body != nil && v.Pos() < decl.Body.Pos() && !isStruct(v.Type()):
		return fateKept // behind a parameter
	default:
		return f.variable(v)
	}

	return 0
}

// part is the outermost part of a variable, a field or an element of an array,
// that still lies in the variable.
func (p *pass) part(c inspector.Cursor) inspector.Cursor {
	for {
		kind, _ := c.ParentEdge()

		switch kind {
		case edge.ParenExpr_X:
		case edge.SelectorExpr_X:
			s := p.TypesInfo.Selections[c.Parent().Node().(*ast.SelectorExpr)]
			if s == nil || s.Kind() != types.FieldVal || s.Indirect() {
				return c
			}
		case edge.IndexExpr_X:
			if !isArray(p.typeOf(c.Node().(ast.Expr))) {
				return c
			}
		default:
			return c
		}

		c = c.Parent()
	}
}

// pointerInto is the & or the slice of an array around a part of a variable.
func (p *pass) pointerInto(c inspector.Cursor) (inspector.Cursor, bool) {
	switch kind, _ := c.ParentEdge(); kind {
	case edge.UnaryExpr_X:
		return c.Parent(), c.Parent().Node().(*ast.UnaryExpr).Op == token.AND
	case edge.SliceExpr_X:
		return c.Parent(), isArray(p.typeOf(c.Node().(ast.Expr)))
	}

	return c, false
}

// pointerMethod is the method that is called on a part of a variable by way of
// its address, and the call; or nil.
func (p *pass) pointerMethod(c inspector.Cursor) (*types.Func, inspector.Cursor) {
	if kind, _ := c.ParentEdge(); kind != edge.SelectorExpr_X {
		return nil, inspector.Cursor{}
	}

	sel := c.Parent()

	s := p.TypesInfo.Selections[sel.Node().(*ast.SelectorExpr)]
	if s == nil || s.Kind() != types.MethodVal || types.IsInterface(s.Recv()) || s.Indirect() {
		return nil, inspector.Cursor{}
	}

	if kind, _ := sel.ParentEdge(); kind != edge.CallExpr_Fun {
		return nil, inspector.Cursor{}
	}

	m, ok := s.Obj().(*types.Func)
	if !ok {
		return nil, inspector.Cursor{}
	}

	if _, ok := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer); !ok {
		return nil, inspector.Cursor{}
	}

	return m, sel.Parent()
}
