package rules

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/traefik/yaegi/stdlib"
	"golang.org/x/tools/go/ast/edge"
)

// interpretedStdlib are functions that Yaegi interprets from the library's
// source, and that load. Of the rest of that source most does not.
var interpretedStdlib = map[string]bool{
	"slices.Contains": true, "slices.ContainsFunc": true, "slices.Index": true, "slices.IndexFunc": true,
	"maps.DeleteFunc": true, "cmp.Compare": true, "cmp.Less": true, "cmp.Ordered": true, "sync.OnceFunc": true,
}

// missingBuiltins are the builtins that Yaegi does not know.
var missingBuiltins = map[string]bool{"min": true, "max": true, "clear": true}

func checkMissing(p *pass) {
	gone := map[string]bool{}

	for c := range p.root.Preorder((*ast.ImportSpec)(nil)) {
		n := c.Node().(*ast.ImportSpec)

		path, err := strconv.Unquote(n.Path.Value)
		if err != nil || path == "C" {
			p.report(n, "package %s", n.Path.Value)
			continue
		}

		if pkg := p.imported(path); pkg != nil && !p.interpreted(pkg) && stdlib.Symbols[path+"/"+pkg.Name()] == nil {
			gone[path] = true

			p.report(n, "package %s", path)
		}
	}

	for c := range p.root.Preorder((*ast.Ident)(nil)) {
		id := c.Node().(*ast.Ident)
		obj := p.TypesInfo.Uses[id]

		if b, ok := obj.(*types.Builtin); ok && missingBuiltins[b.Name()] {
			p.report(id, "builtin %s", b.Name())
			continue
		}

		if obj == nil || !packageLevel(obj) || p.interpreted(obj.Pkg()) || gone[obj.Pkg().Path()] {
			continue
		}

		kind, _ := c.ParentEdge()
		if kind != edge.SelectorExpr_Sel {
			continue // a dot import, or a field's promoted name
		}

		if _, ok := stdlib.Symbols[obj.Pkg().Path()+"/"+obj.Pkg().Name()][obj.Name()]; ok {
			continue
		}

		if name := obj.Pkg().Path() + "." + obj.Name(); !interpretedStdlib[name] {
			p.report(id, "%s", name)
		}
	}
}

func (p *pass) imported(path string) *types.Package {
	if path == "unsafe" {
		return types.Unsafe
	}

	for _, pkg := range p.Pkg.Imports() {
		if pkg.Path() == path {
			return pkg
		}
	}

	return nil
}

func checkRangeOver(p *pass) {
	for c := range p.root.Preorder((*ast.RangeStmt)(nil)) {
		n := c.Node().(*ast.RangeStmt)

		t := p.typeOf(n.X)
		if t == nil {
			continue
		}

		switch u := t.Underlying().(type) {
		case *types.Basic:
			if u.Info()&types.IsInteger != 0 {
				p.report(n.X, "range over an integer")
			}
		case *types.Signature:
			p.report(n.X, "range over a function")
		}
	}
}

func checkGenerics(p *pass) {
	for c := range p.root.Preorder((*ast.FuncDecl)(nil)) {
		n := c.Node().(*ast.FuncDecl)
		if n.Type.TypeParams == nil {
			continue
		}

		if n.Type.TypeParams.NumFields() > 1 {
			p.report(n.Name, "%s has %d type parameters", n.Name.Name, n.Type.TypeParams.NumFields())
		}

		f, ok := p.TypesInfo.Defs[n.Name].(*types.Func)
		if ok && f.Signature().Variadic() {
			p.report(n.Name, "%s is generic and variadic", n.Name.Name)
		}
	}
}

func checkCaseLabel(p *pass) {
	for c := range p.root.Preorder((*ast.LabeledStmt)(nil)) {
		n := c.Node().(*ast.LabeledStmt)

		for around := range c.Enclosing((*ast.CaseClause)(nil), (*ast.CommClause)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
			switch around.Node().(type) {
			case *ast.CaseClause, *ast.CommClause:
				p.report(n.Label, "label %s inside a case", n.Label.Name)
			}

			break
		}
	}
}

// checkUnnamed looks at function literals, and at variadic parameters of
// declarations.
func checkUnnamed(p *pass) {
	for c := range p.root.Preorder((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		var params *ast.FieldList

		everywhere := false

		switch n := c.Node().(type) {
		case *ast.FuncLit:
			params, everywhere = n.Type.Params, true
		case *ast.FuncDecl:
			params = n.Type.Params
		}

		for _, field := range params.List {
			_, variadic := field.Type.(*ast.Ellipsis)
			if len(field.Names) == 0 && (everywhere || variadic) {
				p.report(field, "a parameter without a name")
			}
		}
	}
}

func checkVariadicField(p *pass) {
	for c := range p.root.Preorder((*ast.CallExpr)(nil)) {
		n := c.Node().(*ast.CallExpr)

		sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
		if !ok || n.Ellipsis != token.NoPos {
			continue
		}

		s := p.TypesInfo.Selections[sel]
		if s == nil || s.Kind() != types.FieldVal {
			continue
		}

		sig, ok := s.Type().Underlying().(*types.Signature)
		if ok && sig.Variadic() && len(n.Args) > sig.Params().Len() {
			p.report(n, "%s, a variadic function of a field, with several", sel.Sel.Name)
		}
	}
}
