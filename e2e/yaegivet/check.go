package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/traefik-openwebui/signupwebhook/e2e/yaegivet/rules"
)

// finding is one line of the report.
type finding struct {
	position token.Position
	rule     string // "" where it is about an exception
	message  string

	pkg      *packages.Package
	function string // the declaration that it is in
}

func (f *finding) text(root string) string {
	name := f.position.Filename
	if rel, err := filepath.Rel(root, name); err == nil {
		name = rel
	}

	where := fmt.Sprintf("%s:%d:%d: ", name, f.position.Line, f.position.Column)
	if name == "" || name == "." {
		where = ""
	}

	if f.rule == "" {
		return where + f.message
	}

	return where + f.message + " [" + f.rule + "]"
}

type result struct {
	root       string
	module     string
	packages   int
	rules      int
	exceptions int // that were needed
	findings   []*finding
}

// check runs all rules on the plugin around dir.
func check(dir string, patterns []string) (*result, error) {
	root, err := pluginRoot(dir)
	if err != nil {
		return nil, err
	}

	loaded, wanted, err := load(root, patterns)
	if err != nil {
		return nil, err
	}

	found, err := analyze(loaded)
	if err != nil {
		return nil, err
	}

	found = append(found, unread(loaded)...)

	module := mainModule(loaded)

	loaded = slices.DeleteFunc(loaded, func(pkg *packages.Package) bool { return !wanted[pkg.PkgPath] })
	found = slices.DeleteFunc(found, func(f *finding) bool { return !wanted[f.pkg.PkgPath] })

	left, used := except(loaded, found)

	slices.SortFunc(left, func(a, b *finding) int {
		return cmp.Or(
			strings.Compare(a.position.Filename, b.position.Filename),
			cmp.Compare(a.position.Offset, b.position.Offset),
			strings.Compare(a.rule, b.rule),
		)
	})

	return &result{
		root: root, module: module, packages: len(loaded), rules: len(rules.Table),
		exceptions: used, findings: left,
	}, nil
}

func mainModule(loaded []*packages.Package) string {
	for _, pkg := range loaded {
		if pkg.Module != nil && pkg.Module.Main {
			return pkg.Module.Path
		}
	}

	return loaded[0].PkgPath
}

func analyze(loaded []*packages.Package) ([]*finding, error) {
	// Facts are about interpreted packages alone.
	roots := map[*packages.Package]bool{}
	for _, pkg := range loaded {
		roots[pkg] = true
	}

	for _, pkg := range loaded {
		for path, imported := range pkg.Imports {
			if !roots[imported] {
				delete(pkg.Imports, path)
			}
		}
	}

	graph, err := checker.Analyze(rules.Analyzers(), loaded, nil)
	if err != nil {
		return nil, err
	}

	var found []*finding

	for action := range graph.All() {
		if action.Err != nil {
			return nil, fmt.Errorf("%s on %s: %w", action.Analyzer, action.Package, action.Err)
		}

		if !action.IsRoot {
			continue
		}

		for _, d := range action.Diagnostics {
			found = append(found, &finding{
				position: action.Package.Fset.Position(d.Pos),
				rule:     action.Analyzer.Name,
				message:  d.Message,
				pkg:      action.Package,
				function: declarationAt(action.Package, d.Pos),
			})
		}
	}

	return found, nil
}

// declarationAt names the declaration that a position lies in: Func,
// Type.Method, or the first name of a const, var or type.
func declarationAt(pkg *packages.Package, pos token.Pos) string {
	for _, file := range pkg.Syntax {
		if pos < file.FileStart || pos >= file.FileEnd {
			continue
		}

		for _, decl := range file.Decls {
			if pos < decl.Pos() || pos >= decl.End() {
				continue
			}

			return declarationName(decl, pos)
		}
	}

	return ""
}

func declarationName(decl ast.Decl, pos token.Pos) string {
	switch n := decl.(type) {
	case *ast.FuncDecl:
		if n.Recv == nil || len(n.Recv.List) == 0 {
			return n.Name.Name
		}

		t := n.Recv.List[0].Type
		if star, ok := t.(*ast.StarExpr); ok {
			t = star.X
		}

		if id, ok := t.(*ast.Ident); ok {
			return id.Name + "." + n.Name.Name
		}

		return n.Name.Name
	case *ast.GenDecl:
		for _, spec := range n.Specs {
			if pos < spec.Pos() || pos >= spec.End() {
				continue
			}

			switch s := spec.(type) {
			case *ast.TypeSpec:
				return s.Name.Name
			case *ast.ValueSpec:
				return s.Names[0].Name
			}
		}
	}

	return ""
}

// printRules writes the table of rules for a reader.
func printRules(w io.Writer) {
	for i := range rules.Table {
		r := &rules.Table[i]
		_, _ = fmt.Fprintf(w, "%-14s %s.\n%-14s Instead: %s.\n", r.Name, r.Trap, "", r.Instead)
	}
}
