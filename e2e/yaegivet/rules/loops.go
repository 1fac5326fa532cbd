package rules

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// keeping says what becomes of a function value.
type keeping int

const (
	calledAtOnce  keeping = iota // never outlives the round
	keptHere                     // in variables of this goroutine only
	keptElsewhere                // anything else
)

// notKeeping are compiled functions that call what they get and forget it.
var notKeeping = []string{
	"strings.Map", "strings.FieldsFunc", "strings.IndexFunc", "strings.LastIndexFunc", "strings.ContainsFunc",
	"strings.TrimFunc", "strings.TrimLeftFunc", "strings.TrimRightFunc",
	"bytes.Map", "bytes.FieldsFunc", "bytes.IndexFunc", "bytes.LastIndexFunc", "bytes.ContainsFunc",
	"bytes.TrimFunc", "bytes.TrimLeftFunc", "bytes.TrimRightFunc",
	"sort.Slice", "sort.SliceStable", "sort.SliceIsSorted", "sort.Search", "sort.Find",
	"filepath.Walk", "path/filepath.Walk", "path/filepath.WalkDir", "io/fs.WalkDir",
	"(*sync.Once).Do", "(*sync.Map).Range", "os.Expand",
	"(*regexp.Regexp).ReplaceAllStringFunc", "(*regexp.Regexp).ReplaceAllFunc",
}

func checkLoopLiteral(p *pass) {
	for c := range p.root.Preorder((*ast.FuncLit)(nil)) {
		if _, ok := loop(c); ok && p.keptAs(c) == keptElsewhere {
			p.report(c.Node(), "a function literal in a loop")
		}
	}
}

// keptAs says how long the function value at c may live.
func (p *pass) keptAs(c inspector.Cursor) keeping {
	kind, i := c.ParentEdge()
	parent := c.Parent()

	switch kind {
	case edge.ParenExpr_X:
		return p.keptAs(parent)
	case edge.CallExpr_Fun:
		switch parent.Parent().Node().(type) {
		case *ast.GoStmt, *ast.DeferStmt:
			return keptElsewhere
		}

		return calledAtOnce
	case edge.CallExpr_Args:
		call := parent.Node().(*ast.CallExpr)

		switch parent.Parent().Node().(type) {
		case *ast.GoStmt, *ast.DeferStmt:
			return keptElsewhere
		}

		switch {
		case p.calls(call, notKeeping...):
			return calledAtOnce
		case p.builtin(call) == "append" && i > 0:
			return p.keptInSlice(parent)
		case p.lendsOnly(call, i):
			return calledAtOnce
		}
	case edge.AssignStmt_Rhs:
		assign := parent.Node().(*ast.AssignStmt)
		if i < len(assign.Lhs) && len(assign.Lhs) == len(assign.Rhs) {
			return p.keptInVariable(parent, assign.Lhs[i])
		}
	case edge.ValueSpec_Values:
		spec := parent.Node().(*ast.ValueSpec)
		if i < len(spec.Names) && len(spec.Names) == len(spec.Values) {
			return p.keptInVariable(parent, spec.Names[i])
		}
	}

	return keptElsewhere
}

// keptInSlice is keptAs for `l = append(l, f)`.
func (p *pass) keptInSlice(call inspector.Cursor) keeping {
	kind, i := call.ParentEdge()
	if kind != edge.AssignStmt_Rhs {
		return keptElsewhere
	}

	assign := call.Parent().Node().(*ast.AssignStmt)
	if i >= len(assign.Lhs) || p.keptInVariable(call.Parent(), assign.Lhs[i]) == keptElsewhere {
		return keptElsewhere
	}

	return keptHere
}

// keptInVariable looks at what is done with a variable that holds functions.
func (p *pass) keptInVariable(at inspector.Cursor, place ast.Expr) keeping {
	found := keptHere

	if index, ok := ast.Unparen(place).(*ast.IndexExpr); ok {
		place = index.X
	}

	v := p.variable(place)
	if v == nil || v.IsField() || packageLevel(v) {
		return keptElsewhere
	}

	if v.Name() == "_" {
		return calledAtOnce
	}

	if round, ok := loop(at); ok && within(v.Pos(), body(round.Node())) {
		found = calledAtOnce
	}

	home, ok := function(at)
	if !ok {
		return keptElsewhere
	}

	for id := range p.uses(p.scope(at), v) {
		if f, ok := function(id); !ok || f.Node() != home.Node() {
			return keptElsewhere
		}

		if !p.staysHere(id) {
			return keptElsewhere
		}
	}

	return found
}

// staysHere says whether the use of a variable with functions in it leaves
// them in this goroutine and in this variable.
func (p *pass) staysHere(id inspector.Cursor) bool {
	kind, i := id.ParentEdge()
	parent := id.Parent()

	switch kind {
	case edge.ParenExpr_X, edge.IndexExpr_X:
		return p.staysHere(parent)
	case edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.RangeStmt_X, edge.RangeStmt_Value, edge.BinaryExpr_X, edge.BinaryExpr_Y:
		return kind != edge.RangeStmt_X || p.rangedHere(parent.Node().(*ast.RangeStmt), parent)
	case edge.CallExpr_Fun:
		switch parent.Parent().Node().(type) {
		case *ast.GoStmt, *ast.DeferStmt:
			return false
		}

		return true
	case edge.CallExpr_Args:
		call := parent.Node().(*ast.CallExpr)
		name := p.builtin(call)

		return name == "len" || name == "cap" || name == "append" && i == 0 || p.lendsOnly(call, i) || p.calls(call, notKeeping...)
	case edge.Field_Names:
		return true
	}

	return false
}

// rangedHere follows the functions into the variable of a range.
func (p *pass) rangedHere(n *ast.RangeStmt, c inspector.Cursor) bool {
	if n.Value == nil {
		return true
	}

	v := p.variable(n.Value)
	if v == nil {
		return true // _
	}

	for id := range p.uses(c, v) {
		if id.Node().Pos() != v.Pos() && !p.staysHere(id) {
			return false
		}
	}

	return true
}

// lendsOnly says whether a function of this package calls its parameter and
// does nothing else with it.
func (p *pass) lendsOnly(call *ast.CallExpr, arg int) bool {
	f := p.callee(call)
	if f == nil || f.Pkg() != p.Pkg {
		return false
	}

	sig := f.Signature()
	if sig.Variadic() || arg >= sig.Params().Len() {
		return false
	}

	param := sig.Params().At(arg)

	for c := range p.root.Preorder((*ast.FuncDecl)(nil)) {
		decl := c.Node().(*ast.FuncDecl)
		if p.TypesInfo.Defs[decl.Name] != f {
			continue
		}

		for id := range p.uses(c, param) {
			home, ok := function(id)
			kind, _ := id.ParentEdge()

			if kind == edge.Field_Names {
				continue
			}

			if !ok || home.Node() != ast.Node(decl) || kind != edge.CallExpr_Fun && kind != edge.BinaryExpr_X {
				return false
			}

			switch id.Parent().Parent().Node().(type) {
			case *ast.GoStmt, *ast.DeferStmt:
				return false
			}
		}

		return true
	}

	return false
}

func checkLoopMethod(p *pass) {
	for c := range p.root.Preorder((*ast.SelectorExpr)(nil)) {
		n := c.Node().(*ast.SelectorExpr)

		selection := p.TypesInfo.Selections[n]
		if selection == nil || selection.Kind() != types.MethodVal || !p.interpreted(selection.Obj().Pkg()) {
			continue
		}

		if _, ok := loop(c); !ok {
			continue
		}

		kind, _ := c.ParentEdge()
		if kind == edge.CallExpr_Fun {
			if _, ok := c.Parent().Parent().Node().(*ast.GoStmt); ok {
				p.report(c.Parent().Parent().Node(), "go of a method in a loop")
			}

			continue
		}

		if p.keptAs(c) != calledAtOnce {
			p.report(n, "a method value in a loop")
		}
	}
}

func checkLoopVar(p *pass) {
	for c := range p.root.Preorder((*ast.FuncLit)(nil)) {
		around, ok := loop(c)
		if !ok || p.keptAs(c) != keptHere {
			continue // loopliteral, or over before the next round
		}

		if v := p.foreign(c, body(around.Node())); v != nil {
			p.report(c.Node(), "a kept function literal that uses %s", v.Name())
		}
	}

	for c := range p.root.Preorder((*ast.UnaryExpr)(nil)) {
		n := c.Node().(*ast.UnaryExpr)
		if n.Op != token.AND {
			continue
		}

		v := p.variable(n.X)
		if v == nil {
			continue
		}

		for l := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
			if loopDeclares(l.Node(), v) && !p.passedOn(c) {
				p.report(n, "the address of loop variable %s", v.Name())
			}
		}
	}

	for c := range p.root.Preorder((*ast.Ident)(nil)) {
		v := p.variable(c.Node().(*ast.Ident))
		if v == nil || v.IsField() {
			continue
		}

		for l := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
			if loopDeclares(l.Node(), v) && within(c.Node().Pos(), body(l.Node())) {
				p.checkPartOfLoopVar(c, l, v)
			}
		}
	}
}

// checkPartOfLoopVar looks at the ways to point into a loop variable without
// an & before its name, and reports them where the pointer is kept.
func (p *pass) checkPartOfLoopVar(c, around inspector.Cursor, v *types.Var) {
	follower := p.follow(around, body(around.Node()))
	at := p.part(c)

	if pointer, ok := p.pointerInto(at); ok && follower.value(pointer, false)&fateKept != 0 {
		p.report(pointer.Node(), "the address of a part of loop variable %s", v.Name())
	}

	if m, call := p.pointerMethod(at); m != nil && follower.called(call, p.does(m).receiver(), false)&fateKept != 0 {
		p.report(call.Node(), "%s, which keeps its receiver, of loop variable %s", m.Name(), v.Name())
	}
}

// passedOn says whether a pointer is only an argument of a compiled function,
// such as json.Unmarshal, which forgets it.
func (p *pass) passedOn(c inspector.Cursor) bool {
	kind, _ := c.ParentEdge()
	if kind != edge.CallExpr_Args {
		return false
	}

	f := p.callee(c.Parent().Node().(*ast.CallExpr))

	return f != nil && !p.interpreted(f.Pkg())
}

// foreign is a variable of a function that the literal uses and that is
// declared outside block.
func (p *pass) foreign(lit inspector.Cursor, block *ast.BlockStmt) *types.Var {
	for c := range lit.Preorder((*ast.Ident)(nil)) {
		v := p.variable(c.Node().(*ast.Ident))
		if v == nil || v.IsField() || packageLevel(v) || v.Name() == "_" || v.Pkg() != p.Pkg {
			continue
		}

		if !within(v.Pos(), block) {
			return v
		}
	}

	return nil
}

func checkLoopIface(p *pass) {
	for f := range p.flows() {
		if f.kind == returned || !methodIface(f.to) || p.ourConcrete(p.typeOf(f.expr)) == nil {
			continue
		}

		around, ok := loop(f.at)
		if !ok || f.kind == declared && p.onlyCalled(f) || p.assignedInside(f, around) {
			continue
		}

		if (f.kind == passed || f.kind == converted) && !p.keptIface(f, around) {
			continue
		}

		p.report(f.expr, "a %s becomes a %s in a loop", p.typeOf(f.expr), f.to)
	}
}

// keptIface says whether an interface that a call makes of its argument is
// there after the round. Of methods of interfaces, function values and most
// compiled functions it does not know, and says no.
func (p *pass) keptIface(f flow, around inspector.Cursor) bool {
	follower := p.follow(around, body(around.Node()))

	if f.kind == converted {
		return follower.value(f.at, false)&fateKept != 0
	}

	for i, a := range f.at.Node().(*ast.CallExpr).Args {
		if a == f.expr {
			return follower.argument(f.at, i, false)&fateKept != 0
		}
	}

	return false
}

// onlyCalled says whether an interface variable of a loop's body is used for
// nothing but calls of its methods.
func (p *pass) onlyCalled(f flow) bool {
	v := p.variable(f.dest)
	if v == nil {
		return false
	}

	for id := range p.uses(p.scope(f.at), v) {
		kind, _ := id.ParentEdge()
		if kind == edge.ValueSpec_Names {
			continue
		}

		if kind != edge.SelectorExpr_X {
			return false
		}

		if k, _ := id.Parent().ParentEdge(); k != edge.CallExpr_Fun {
			return false
		}
	}

	return true
}

// assignedInside says whether a value goes to a variable of the loop's body
// that is only called there.
func (p *pass) assignedInside(f flow, around inspector.Cursor) bool {
	if f.kind != assigned {
		return false
	}

	v := p.variable(f.dest)

	return v != nil && within(v.Pos(), body(around.Node())) && p.keptNowhere(f.at, v)
}

func (p *pass) keptNowhere(at inspector.Cursor, v *types.Var) bool {
	for id := range p.uses(p.scope(at), v) {
		switch kind, _ := id.ParentEdge(); kind {
		case edge.SelectorExpr_X, edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.BinaryExpr_X:
		default:
			return false
		}
	}

	return true
}

func checkIfaceAlias(p *pass) {
	for f := range p.flows() {
		if f.kind == passed || f.kind == returned || !methodIface(f.to) {
			continue
		}

		v := p.variable(f.expr)
		if v == nil || p.ourConcrete(v.Type()) == nil || !p.changesAfter(f.at, v) {
			continue
		}

		if around, ok := loop(f.at); ok && within(v.Pos(), around.Node()) {
			continue // loopiface
		}

		p.report(f.expr, "%s becomes a %s, and is assigned again", v.Name(), f.to)
	}
}

func checkStringRange(p *pass) {
	for c := range p.root.Preorder((*ast.RangeStmt)(nil)) {
		n := c.Node().(*ast.RangeStmt)

		t := p.typeOf(n.X)
		if t == nil || n.Key == nil {
			continue
		}

		basic, ok := t.Underlying().(*types.Basic)
		if !ok || basic.Info()&types.IsString == 0 {
			continue
		}

		if id, ok := n.Key.(*ast.Ident); ok && id.Name == "_" {
			continue
		}

		p.report(n.Key, "the index of a range over a string")
	}
}

func checkRangeAssign(p *pass) {
	for c := range p.root.Preorder((*ast.RangeStmt)(nil)) {
		n := c.Node().(*ast.RangeStmt)
		if n.Tok != token.ASSIGN || blank(n.Key) && blank(n.Value) {
			continue
		}

		p.report(n.Key, "range with = on outer variables")
	}
}

func blank(e ast.Expr) bool {
	if e == nil {
		return true
	}

	id, ok := e.(*ast.Ident)

	return ok && id.Name == "_"
}
