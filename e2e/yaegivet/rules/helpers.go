package rules

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// interpreted says whether Yaegi reads the package's source. It does so for
// all but the standard library, whose import paths have no dot in their first
// part; a plugin may have a path without one too.
func (p *pass) interpreted(pkg *types.Package) bool {
	if pkg == nil {
		return false
	}

	first := func(path string) string {
		part, _, _ := strings.Cut(path, "/")
		return part
	}

	return pkg == p.Pkg || strings.Contains(first(pkg.Path()), ".") || first(pkg.Path()) == first(p.Pkg.Path())
}

// ours returns the named type behind t, through one pointer, if it is an
// interpreted one.
func (p *pass) ours(t types.Type) *types.Named {
	if t == nil {
		return nil
	}

	t = types.Unalias(t)
	if pointer, ok := t.(*types.Pointer); ok {
		t = types.Unalias(pointer.Elem())
	}

	named, ok := t.(*types.Named)
	if !ok || !p.interpreted(named.Obj().Pkg()) {
		return nil
	}

	return named
}

// ourConcrete is ours without interfaces.
func (p *pass) ourConcrete(t types.Type) *types.Named {
	named := p.ours(t)
	if named == nil || types.IsInterface(named) {
		return nil
	}

	return named
}

// hasMethods says whether the type or the pointer to it has methods.
func hasMethods(named *types.Named) bool {
	return types.NewMethodSet(types.NewPointer(named)).Len() > 0
}

// method returns the method of that name of t or of *t, or nil.
func method(t types.Type, name string) *types.Func {
	if t == nil {
		return nil
	}

	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)

	f, ok := obj.(*types.Func)
	if !ok {
		return nil
	}

	return f
}

// iface returns the interface that t is, or nil.
func iface(t types.Type) *types.Interface {
	if t == nil {
		return nil
	}

	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return nil
	}

	i, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}

	return i
}

// methodIface says whether t is an interface with methods.
func methodIface(t types.Type) bool {
	i := iface(t)
	return i != nil && i.NumMethods() > 0
}

// typeOf is the type of an expression.
func (p *pass) typeOf(e ast.Expr) types.Type {
	return p.TypesInfo.TypeOf(e)
}

// constant says whether the compiler knows the value of an expression.
func (p *pass) constant(e ast.Expr) bool {
	return p.TypesInfo.Types[e].Value != nil
}

// isNil says whether an expression is the nil of the language.
func (p *pass) isNil(e ast.Expr) bool {
	return p.TypesInfo.Types[ast.Unparen(e)].IsNil()
}

// object is what an identifier means, be it used or declared there.
func (p *pass) object(e ast.Expr) types.Object {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}

	return p.TypesInfo.ObjectOf(id)
}

// variable is the variable that an identifier means, or nil.
func (p *pass) variable(e ast.Expr) *types.Var {
	v, ok := p.object(e).(*types.Var)
	if !ok {
		return nil
	}

	return v
}

// packageLevel says whether an object is declared outside functions.
func packageLevel(obj types.Object) bool {
	return obj != nil && obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope()
}

// builtin is the name of the builtin function that is called, or "".
func (p *pass) builtin(e ast.Expr) string {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return ""
	}

	b, ok := typeutil.Callee(p.TypesInfo, call).(*types.Builtin)
	if !ok {
		return ""
	}

	return b.Name()
}

// callee is the function or method that is called, as far as that is known.
func (p *pass) callee(call *ast.CallExpr) *types.Func {
	f, ok := typeutil.Callee(p.TypesInfo, call).(*types.Func)
	if !ok {
		return nil
	}

	return f
}

// calls says whether a call is of one of the named functions, written as in
// "os.Setenv" or "(*sync.Once).Do".
func (p *pass) calls(call *ast.CallExpr, names ...string) bool {
	f := p.callee(call)
	if f == nil {
		return false
	}

	full := f.Origin().FullName()

	for _, name := range names {
		if full == name {
			return true
		}
	}

	return false
}

// conversion says whether a call is a conversion of types.
func (p *pass) conversion(call *ast.CallExpr) bool {
	return p.TypesInfo.Types[call.Fun].IsType()
}

// receives says whether an expression receives from a channel.
func receives(e ast.Expr) bool {
	u, ok := ast.Unparen(e).(*ast.UnaryExpr)
	return ok && u.Op == token.ARROW
}

// composite is the composite literal that an expression is, or nil.
func composite(e ast.Expr) *ast.CompositeLit {
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	if !ok {
		return nil
	}

	return lit
}

// function is the innermost function around c: a declaration or a literal.
func function(c inspector.Cursor) (inspector.Cursor, bool) {
	for f := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if f.Node() != c.Node() {
			return f, true
		}
	}

	return inspector.Cursor{}, false
}

// declaration is the declaration of the function around c.
func declaration(c inspector.Cursor) (inspector.Cursor, bool) {
	for f := range c.Enclosing((*ast.FuncDecl)(nil)) {
		return f, true
	}

	return inspector.Cursor{}, false
}

// scope is the outermost thing around c that can share variables with it: its
// function's declaration, or else the file.
func (p *pass) scope(c inspector.Cursor) inspector.Cursor {
	if f, ok := declaration(c); ok {
		return f
	}

	for f := range c.Enclosing((*ast.File)(nil)) {
		return f
	}

	return p.root
}

// loop is the innermost loop of the same function whose body, condition or
// step contains c.
func loop(c inspector.Cursor) (inspector.Cursor, bool) {
	for c.Node() != nil {
		kind, _ := c.ParentEdge()
		parent := c.Parent()

		switch parent.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit, *ast.File:
			return inspector.Cursor{}, false
		case *ast.ForStmt:
			if kind != edge.ForStmt_Init {
				return parent, true
			}
		case *ast.RangeStmt:
			if kind != edge.RangeStmt_X {
				return parent, true
			}
		}

		c = parent
	}

	return inspector.Cursor{}, false
}

// within says whether a position lies in a node.
func within(pos token.Pos, n ast.Node) bool {
	return n != nil && n.Pos() <= pos && pos < n.End()
}

// uses yields each identifier under c that means obj.
func (p *pass) uses(c inspector.Cursor, obj types.Object) iter.Seq[inspector.Cursor] {
	return func(yield func(inspector.Cursor) bool) {
		for id := range c.Preorder((*ast.Ident)(nil)) {
			n, ok := id.Node().(*ast.Ident)
			if ok && p.TypesInfo.ObjectOf(n) == obj && !yield(id) {
				return
			}
		}
	}
}

// captured says whether a function literal uses the variable and does not
// declare it.
func (p *pass) captured(c inspector.Cursor, v *types.Var) bool {
	for id := range p.uses(p.scope(c), v) {
		if f, ok := function(id); ok {
			if _, ok := f.Node().(*ast.FuncLit); ok && !within(v.Pos(), f.Node()) {
				return true
			}
		}
	}

	return false
}

// written says whether the use of a variable sets it: an assignment, ++, --,
// a range with =, or & that lets others do so.
func written(id inspector.Cursor) bool {
	for {
		kind, _ := id.ParentEdge()

		switch kind {
		case edge.ParenExpr_X:
			id = id.Parent()
			continue
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X:
			return true
		case edge.RangeStmt_Key, edge.RangeStmt_Value:
			return true
		case edge.UnaryExpr_X:
			u, ok := id.Parent().Node().(*ast.UnaryExpr)
			return ok && u.Op == token.AND
		}

		return false
	}
}

// changesAfter says whether a variable of a function may get another value
// once from has run: later in the text, or in the next round of a loop.
func (p *pass) changesAfter(from inspector.Cursor, v *types.Var) bool {
	if packageLevel(v) {
		return false
	}

	after := from.Node().End()
	around := inspector.Cursor{}
	looped := false

	for c := range from.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if !within(v.Pos(), c.Node()) || loopDeclares(c.Node(), v) {
			around = c
			looped = true
		}
	}

	for id := range p.uses(p.scope(from), v) {
		if !written(id) || id.Node().Pos() == v.Pos() && !(looped && loopDeclares(around.Node(), v)) {
			continue
		}

		if id.Node().Pos() >= after || looped && within(id.Node().Pos(), around.Node()) {
			return true
		}
	}

	return false
}

// loopDeclares says whether v is a variable that the loop's head declares.
func loopDeclares(loop ast.Node, v *types.Var) bool {
	switch n := loop.(type) {
	case *ast.ForStmt:
		return n.Init != nil && within(v.Pos(), n.Init)
	case *ast.RangeStmt:
		return n.Tok == token.DEFINE && (n.Key != nil && within(v.Pos(), n.Key) || n.Value != nil && within(v.Pos(), n.Value))
	}

	return false
}

// body is the block of a function or a loop.
func body(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	case *ast.ForStmt:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	}

	return nil
}

// decls finds the declarations of this package's functions.
func (p *pass) decls() map[*types.Func]inspector.Cursor {
	found := map[*types.Func]inspector.Cursor{}

	for c := range p.root.Preorder((*ast.FuncDecl)(nil)) {
		decl, ok := c.Node().(*ast.FuncDecl)
		if !ok {
			continue
		}

		if f, ok := p.TypesInfo.Defs[decl.Name].(*types.Func); ok {
			found[f] = c
		}
	}

	return found
}

// results are the result types of the function around c.
func (p *pass) results(c inspector.Cursor) *types.Tuple {
	f, ok := function(c)
	if !ok {
		return nil
	}

	var t types.Type

	switch n := f.Node().(type) {
	case *ast.FuncDecl:
		if obj := p.TypesInfo.Defs[n.Name]; obj != nil {
			t = obj.Type()
		}
	case *ast.FuncLit:
		t = p.typeOf(n)
	}

	sig, ok := t.(*types.Signature)
	if !ok {
		return nil
	}

	return sig.Results()
}

// flow is a value that comes to a place of a certain type.
type flow struct {
	at   inspector.Cursor // the statement or literal in which that happens
	expr ast.Expr
	to   types.Type
	kind flowKind
	dest ast.Expr // the place, where there is an expression for it
}

type flowKind int

const (
	assigned flowKind = iota
	declared
	passed
	element
	returned
	sent
	converted
)

// flows yields the values that come to places with types of their own.
func (p *pass) flows() iter.Seq[flow] {
	kinds := []ast.Node{
		(*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.CallExpr)(nil),
		(*ast.CompositeLit)(nil), (*ast.ReturnStmt)(nil), (*ast.SendStmt)(nil),
	}

	return func(yield func(flow) bool) {
		for c := range p.root.Preorder(kinds...) {
			for _, f := range p.flowsOf(c) {
				if f.to != nil && !yield(f) {
					return
				}
			}
		}
	}
}

func (p *pass) flowsOf(c inspector.Cursor) []flow {
	var list []flow

	add := func(kind flowKind, e ast.Expr, to types.Type, dest ast.Expr) {
		list = append(list, flow{at: c, expr: e, to: to, kind: kind, dest: dest})
	}

	switch n := c.Node().(type) {
	case *ast.AssignStmt:
		if n.Tok == token.ASSIGN && len(n.Lhs) == len(n.Rhs) {
			for i, l := range n.Lhs {
				add(assigned, n.Rhs[i], p.typeOf(l), l)
			}
		}
	case *ast.ValueSpec:
		if n.Type != nil && len(n.Names) == len(n.Values) {
			for i, l := range n.Names {
				add(declared, n.Values[i], p.typeOf(n.Type), l)
			}
		}
	case *ast.SendStmt:
		if ch, ok := p.typeOf(n.Chan).Underlying().(*types.Chan); ok {
			add(sent, n.Value, ch.Elem(), nil)
		}
	case *ast.ReturnStmt:
		results := p.results(c)
		for i, e := range n.Results {
			if results != nil && results.Len() == len(n.Results) {
				add(returned, e, results.At(i).Type(), nil)
			}
		}
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			p.flowsOfElement(n, e, add)
		}
	case *ast.CallExpr:
		p.flowsOfCall(n, add)
	}

	return list
}

func (p *pass) flowsOfElement(lit *ast.CompositeLit, e ast.Expr, add func(flowKind, ast.Expr, types.Type, ast.Expr)) {
	t := p.typeOf(lit)
	if t == nil {
		return
	}

	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}

	pair, keyed := e.(*ast.KeyValueExpr)
	value := e

	if keyed {
		value = pair.Value
	}

	switch u := t.Underlying().(type) {
	case *types.Slice:
		add(element, value, u.Elem(), nil)
	case *types.Array:
		add(element, value, u.Elem(), nil)
	case *types.Map:
		add(element, value, u.Elem(), nil)

		if keyed {
			add(element, pair.Key, u.Key(), nil)
		}
	case *types.Struct:
		if keyed {
			if field := p.variable(pair.Key); field != nil {
				add(element, value, field.Type(), nil)
			}

			return
		}

		for i, have := range lit.Elts {
			if have == e && i < u.NumFields() {
				add(element, value, u.Field(i).Type(), nil)
			}
		}
	}
}

func (p *pass) flowsOfCall(call *ast.CallExpr, add func(flowKind, ast.Expr, types.Type, ast.Expr)) {
	if p.conversion(call) {
		if len(call.Args) == 1 {
			add(converted, call.Args[0], p.typeOf(call.Fun), nil)
		}

		return
	}

	if p.builtin(call) == "append" {
		if slice, ok := p.typeOf(call).Underlying().(*types.Slice); ok && !call.Ellipsis.IsValid() {
			for _, a := range call.Args[1:] {
				add(element, a, slice.Elem(), nil)
			}
		}

		return
	}

	t := p.typeOf(call.Fun)
	if t == nil {
		return
	}

	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return
	}

	for i, a := range call.Args {
		last := sig.Params().Len() - 1

		switch {
		case i < last || i == last && (!sig.Variadic() || call.Ellipsis.IsValid()):
			add(passed, a, sig.Params().At(i).Type(), nil)
		case sig.Variadic() && last >= 0:
			if slice, ok := sig.Params().At(last).Type().(*types.Slice); ok {
				add(passed, a, slice.Elem(), nil)
			}
		}
	}
}
