package rules

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

func checkRecursiveType(p *pass) {
	for c := range p.root.Preorder((*ast.TypeSpec)(nil)) {
		n := c.Node().(*ast.TypeSpec)

		name, ok := p.TypesInfo.Defs[n.Name].(*types.TypeName)
		if !ok || name.IsAlias() || n.TypeParams != nil {
			continue
		}

		named, ok := name.Type().(*types.Named)
		if !ok {
			continue
		}

		switch u := named.Underlying().(type) {
		case *types.Interface:
		case *types.Struct:
			for i := range u.NumFields() {
				if p.recursesBadly(u.Field(i).Type(), named) {
					p.report(fieldAt(n, i), "a %s inside itself by way of field %s", named.Obj().Name(), u.Field(i).Name())
				}
			}
		default:
			s := &search{wanted: named, seen: map[*types.Named]bool{named: true}}
			if s.inside(u, false, false) {
				p.report(n, "a %s that is part of itself and no struct", named.Obj().Name())
			}
		}
	}
}

// recursesBadly says whether the type of a field leads back to the struct in a
// way that the interpreter does not follow: by way of a function or an unnamed
// struct. A function as the field's own type is followed through other structs.
func (p *pass) recursesBadly(field types.Type, wanted *types.Named) bool {
	direct := &search{wanted: wanted, seen: map[*types.Named]bool{}, odd: true}
	if direct.inside(field, false, false) {
		return true
	}

	if _, ok := field.Underlying().(*types.Signature); ok {
		return false
	}

	far := &search{wanted: wanted, seen: map[*types.Named]bool{}, odd: true, structs: true}

	return far.inside(field, false, false)
}

// search looks for a type among the parts of another.
type search struct {
	wanted  *types.Named
	odd     bool // only by way of a function or an unnamed struct
	structs bool // also through named structs
	seen    map[*types.Named]bool
}

// inside says whether the wanted type is a part of t. odd is whether the way
// led through a function or an unnamed struct, far whether it led through a
// named struct: what lies in other structs has troubles of its own.
func (s *search) inside(t types.Type, odd, far bool) bool {
	t = types.Unalias(t)

	if named, ok := t.(*types.Named); ok {
		if named == s.wanted {
			return odd || !s.odd
		}

		_, isStruct := named.Underlying().(*types.Struct)
		if s.seen[named] || types.IsInterface(named) || named.Obj().Pkg() != s.wanted.Obj().Pkg() || isStruct && !s.structs {
			return false
		}

		s.seen[named] = true

		return s.parts(named.Underlying(), odd, far || isStruct, isStruct)
	}

	return s.parts(t, odd, far, false)
}

func (s *search) parts(t types.Type, odd, far, named bool) bool {
	switch u := t.(type) {
	case *types.Pointer:
		return s.inside(u.Elem(), odd, far)
	case *types.Slice:
		return s.inside(u.Elem(), odd, far)
	case *types.Array:
		return s.inside(u.Elem(), odd, far)
	case *types.Chan:
		return s.inside(u.Elem(), odd, far)
	case *types.Map:
		return s.inside(u.Key(), odd, far) || s.inside(u.Elem(), odd, far)
	case *types.Struct:
		for i := range u.NumFields() {
			if s.inside(u.Field(i).Type(), odd || !named && !far, far) {
				return true
			}
		}
	case *types.Signature:
		for _, tuple := range []*types.Tuple{u.Params(), u.Results()} {
			for i := range tuple.Len() {
				if s.inside(tuple.At(i).Type(), odd || !far, far) {
					return true
				}
			}
		}
	}

	return false
}

// fieldAt is the i-th field of a struct in its declaration, or the whole.
func fieldAt(n *ast.TypeSpec, i int) ast.Node {
	st, ok := n.Type.(*ast.StructType)
	if !ok {
		return n
	}

	for _, field := range st.Fields.List {
		count := max(len(field.Names), 1)
		if i < count {
			return field
		}

		i -= count
	}

	return n
}

func checkFuncMethod(p *pass) {
	for c := range p.root.Preorder((*ast.SelectorExpr)(nil)) {
		n := c.Node().(*ast.SelectorExpr)

		s := p.TypesInfo.Selections[n]
		if s == nil || s.Kind() != types.MethodVal {
			continue
		}

		named := p.ourConcrete(p.typeOf(n.X))
		if named == nil {
			continue
		}

		if _, ok := named.Underlying().(*types.Signature); ok && p.fromField(c, n.X) {
			p.report(n, "method %s of the function type %s on a field", n.Sel.Name, named.Obj().Name())
		}
	}
}

// fromField says whether an expression is a field or a variable that was made
// of one.
func (p *pass) fromField(at inspector.Cursor, e ast.Expr) bool {
	e = ast.Unparen(e)

	if sel, ok := e.(*ast.SelectorExpr); ok {
		s := p.TypesInfo.Selections[sel]
		return s != nil && s.Kind() == types.FieldVal
	}

	v := p.variable(e)
	if v == nil || packageLevel(v) {
		return false
	}

	value := p.defined(p.scope(at), v)

	sel, ok := value.(*ast.SelectorExpr)
	if !ok {
		return false
	}

	s := p.TypesInfo.Selections[sel]

	return s != nil && s.Kind() == types.FieldVal
}

// defined is the expression that a variable without a type of its own was
// declared with under in, or nil.
func (p *pass) defined(in inspector.Cursor, v *types.Var) ast.Expr {
	for id := range p.uses(in, v) {
		if id.Node().Pos() != v.Pos() {
			continue
		}

		kind, i := id.ParentEdge()

		switch n := id.Parent().Node().(type) {
		case *ast.AssignStmt:
			if kind == edge.AssignStmt_Lhs {
				return ast.Unparen(n.Rhs[min(i, len(n.Rhs)-1)])
			}
		case *ast.ValueSpec:
			if kind == edge.ValueSpec_Names && n.Type == nil && len(n.Values) > 0 {
				return ast.Unparen(n.Values[min(i, len(n.Values)-1)])
			}
		}
	}

	return nil
}

func checkCompiledMethod(p *pass) {
	for c := range p.root.Preorder((*ast.SelectorExpr)(nil)) {
		n := c.Node().(*ast.SelectorExpr)

		if kind, _ := c.ParentEdge(); kind == edge.CallExpr_Fun {
			continue
		}

		s := p.TypesInfo.Selections[n]
		if s == nil || s.Kind() != types.MethodVal || len(s.Index()) > 1 {
			continue
		}

		pointer, ok := types.Unalias(p.typeOf(n.X)).(*types.Pointer)
		if !ok {
			continue
		}

		named, ok := types.Unalias(pointer.Elem()).(*types.Named)
		if ok && !p.interpreted(named.Obj().Pkg()) && !p.compiledValue(c, n.X) {
			p.report(n, "method %s of a *%s as a value", n.Sel.Name, named.Obj().Name())
		}
	}
}

// compiledValue says whether a pointer comes straight from compiled code: a
// call of it, a field of one of its structs, or a variable made of one.
func (p *pass) compiledValue(at inspector.Cursor, e ast.Expr) bool {
	switch n := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		f := p.callee(n)
		return f != nil && f.Pkg() != nil && !p.interpreted(f.Pkg())
	case *ast.SelectorExpr:
		s := p.TypesInfo.Selections[n]
		if s == nil {
			v, ok := p.object(n.Sel).(*types.Var)
			return ok && !p.interpreted(v.Pkg())
		}

		field, ok := s.Obj().(*types.Var)

		return ok && !p.interpreted(field.Pkg())
	case *ast.Ident:
		v := p.variable(n)
		if v == nil {
			return false
		}

		in := p.root
		if !packageLevel(v) {
			in = p.scope(at)
		}

		value := p.defined(in, v)
		if _, ok := value.(*ast.Ident); ok || value == nil {
			return false
		}

		return p.compiledValue(at, value)
	}

	return false
}
