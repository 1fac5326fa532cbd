package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/traefik-openwebui/signupwebhook/e2e/yaegivet/rules"
)

const directive = "//yaegivet:ignore"

// ignore is one comment that excepts a line.
type ignore struct {
	position token.Position
	rule     string
	line     int // that it is about
	used     bool
	pkg      *packages.Package
}

// except takes away what comments and the list of vendored exceptions allow,
// and adds a finding for each of those that is wrong or not needed. It returns
// what is left and how many exceptions were needed.
func except(loaded []*packages.Package, found []*finding) ([]*finding, int) {
	ignores, left := readIgnores(loaded)
	places := vendoredFor(loaded, vendored)
	used := 0

	for _, f := range found {
		if !ignored(ignores, f) && !excepted(places, f) {
			left = append(left, f)
		}
	}

	for _, i := range ignores {
		if i.used {
			used++
			continue
		}

		left = append(left, &finding{
			position: i.position,
			message:  fmt.Sprintf("%s %s: there is nothing to ignore; take the comment out", directive, i.rule),
		})
	}

	for _, v := range places {
		if v.used {
			used++
			continue
		}

		left = append(left, &finding{
			message: fmt.Sprintf("the exception for %s in %s of %s matches nothing any more; take it out of vendored.go", v.rule, v.function, v.pkg),
		})
	}

	return left, used
}

func readIgnores(loaded []*packages.Package) ([]*ignore, []*finding) {
	var ignores []*ignore

	var wrong []*finding

	for _, pkg := range loaded {
		for _, file := range pkg.Syntax {
			for _, group := range file.Comments {
				for _, comment := range group.List {
					if !strings.HasPrefix(comment.Text, directive) {
						continue
					}

					i, problem := readIgnore(pkg, file, comment)
					if problem != "" {
						wrong = append(wrong, &finding{position: i.position, message: problem})
						continue
					}

					ignores = append(ignores, i)
				}
			}
		}
	}

	return ignores, wrong
}

func readIgnore(pkg *packages.Package, file *ast.File, comment *ast.Comment) (*ignore, string) {
	i := &ignore{position: pkg.Fset.Position(comment.Pos()), pkg: pkg}
	i.line = i.position.Line

	if alone(pkg.Fset, file, comment) {
		i.line++
	}

	words := strings.Fields(strings.TrimPrefix(comment.Text, directive))
	if len(words) == 0 {
		return i, directive + ": the rule and the reason are missing"
	}

	i.rule = words[0]

	if rules.ByName(i.rule) == nil {
		return i, fmt.Sprintf("%s %s: there is no such rule; yaegivet -rules prints them", directive, i.rule)
	}

	if len(words) == 1 {
		return i, fmt.Sprintf("%s %s: the reason is missing", directive, i.rule)
	}

	return i, ""
}

// alone says whether a comment has its line for itself, and so is about the
// next one.
func alone(fset *token.FileSet, file *ast.File, comment *ast.Comment) bool {
	line := fset.Position(comment.Pos()).Line
	found := true

	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || !found {
			return false
		}

		switch n.(type) {
		case *ast.Comment, *ast.CommentGroup:
			return false
		}

		begin, end := fset.Position(n.Pos()).Line, fset.Position(n.End()).Line
		if n.Pos() < comment.Pos() && (begin == line || end == line) {
			found = false
		}

		return begin <= line && line <= end
	})

	return found
}

func ignored(ignores []*ignore, f *finding) bool {
	for _, i := range ignores {
		if i.rule == f.rule && i.position.Filename == f.position.Filename && i.line == f.position.Line {
			i.used = true
			return true
		}
	}

	return false
}
