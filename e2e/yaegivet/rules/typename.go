package rules

import (
	"go/ast"
	"go/types"
)

func checkTypeName(p *pass) {
	for c := range p.root.Preorder((*ast.TypeAssertExpr)(nil), (*ast.TypeSwitchStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.TypeAssertExpr:
			if n.Type != nil {
				p.checkNamed(n.Type)
			}
		case *ast.TypeSwitchStmt:
			if from := p.switched(n); from == nil || p.ours(from) != nil {
				continue // a switch on an interface of ours knows its types
			}

			for _, s := range n.Body.List {
				clause, ok := s.(*ast.CaseClause)
				if !ok {
					continue
				}

				for _, e := range clause.List {
					p.checkNamed(e)
				}
			}
		}
	}
}

// checkNamed looks at a type that an interface is asked for.
func (p *pass) checkNamed(e ast.Expr) {
	named := p.ourConcrete(p.typeOf(e))
	if named == nil {
		return
	}

	if !isStruct(named) {
		p.report(e, "an interface asked for the type %s", named.Obj().Name())
		return
	}

	if twin := p.twin(named); twin != nil {
		p.report(e, "an interface asked for the struct %s, which has the fields of %s", named.Obj().Name(), twin.Name())
	}
}

// twin is another struct with the same fields, in the package of the first or
// in this one.
func (p *pass) twin(named *types.Named) *types.TypeName {
	for _, pkg := range []*types.Package{named.Obj().Pkg(), p.Pkg} {
		for _, name := range pkg.Scope().Names() {
			other, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || other.IsAlias() || other == named.Obj() {
				continue
			}

			if types.Identical(other.Type().Underlying(), named.Underlying()) {
				return other
			}
		}
	}

	return nil
}
