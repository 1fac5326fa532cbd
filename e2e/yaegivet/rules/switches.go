package rules

import (
	"go/ast"
	"go/constant"
)

// untagged says whether a switch looks at conditions.
func (p *pass) untagged(n *ast.SwitchStmt) bool {
	if n.Tag == nil {
		return true
	}

	v := p.TypesInfo.Types[n.Tag].Value

	return v != nil && v.Kind() == constant.Bool
}

func checkCaseList(p *pass) {
	for c := range p.root.Preorder((*ast.SwitchStmt)(nil)) {
		n := c.Node().(*ast.SwitchStmt)
		if !p.untagged(n) {
			continue
		}

		for _, s := range n.Body.List {
			if clause, ok := s.(*ast.CaseClause); ok && len(clause.List) > 1 {
				p.report(clause.List[1], "a list of conditions in a case")
			}
		}
	}
}

func checkDefaultLast(p *pass) {
	for c := range p.root.Preorder((*ast.SwitchStmt)(nil)) {
		list := c.Node().(*ast.SwitchStmt).Body.List

		for i, s := range list {
			if clause, ok := s.(*ast.CaseClause); ok && clause.List == nil && i < len(list)-1 {
				p.report(clause, "a default before a case")
			}
		}
	}
}

func checkSwitchTag(p *pass) {
	for c := range p.root.Preorder((*ast.SwitchStmt)(nil)) {
		n := c.Node().(*ast.SwitchStmt)
		if n.Tag == nil {
			continue
		}

		if _, ok := ast.Unparen(n.Tag).(*ast.Ident); n.Init != nil && !ok {
			p.report(n.Tag, "a computed tag behind an init statement")
			continue
		}

		if iface(p.typeOf(n.Tag)) == nil {
			continue
		}

		for _, s := range n.Body.List {
			clause, ok := s.(*ast.CaseClause)
			if !ok {
				continue
			}

			for _, e := range clause.List {
				if iface(p.typeOf(e)) == nil && !p.isNil(e) {
					p.report(e, "a concrete value as the case of an interface")
				}
			}
		}
	}
}
