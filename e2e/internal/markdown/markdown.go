// Package markdown reads the pages of the repository: what is a heading, a
// block of code, a table or a link in them, by the library that also stands
// for GitHub's elsewhere in the tests.
package markdown

import (
	"os"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extended "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

var parser = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Linkify)).Parser()

// Page is a page in its sections. The first one is what stands before the
// first heading, and may be empty.
type Page []*Section

// Section is a heading and what follows it up to the next one of any level.
type Section struct {
	Level   int    // of its heading, 1 to 6; 0 for what has none
	Heading string // without markup
	Anchor  string // what a link to it has behind the #
	Prose   string // all that is not code, a line for each block
	Spans   []string
	Blocks  []Block
	Links   []string // targets of links and pictures, in their order
	Tables  []Table
	Texts   []Text
}

// Block is a block of code.
type Block struct {
	Language string // of a fence; "" where it is indented
	Code     string
}

// Table is a table with its head as the first row.
type Table [][]Text

// Text is a cell, a paragraph or an item of a list.
type Text struct {
	Words string   // without markup, code included
	Spans []string // the code in it
}

// Read reads a page.
func Read(path string) (Page, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}

	return Parse(source), nil
}

// Parse reads a page from its text.
func Parse(source []byte) Page {
	page := Page{{}}
	anchors := map[string]bool{}

	_ = ast.Walk(parser.Parse(text.NewReader(source)), func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}

		section := page[len(page)-1]

		switch n := node.(type) {
		case *ast.Heading:
			heading := plain(n, source)
			page = append(page, &Section{Level: n.Level, Heading: heading, Anchor: anchor(heading, anchors)})
		case *ast.FencedCodeBlock:
			section.Blocks = append(section.Blocks, Block{Language: string(n.Language(source)), Code: code(n, source)})
		case *ast.CodeBlock:
			section.Blocks = append(section.Blocks, Block{Code: code(n, source)})
		case *ast.Paragraph, *ast.TextBlock:
			section.Texts = append(section.Texts, words(n, source))
			section.Prose += "\n"
		case *extended.Table:
			section.Tables = append(section.Tables, table(n, source))
		case *extended.TableCell:
			section.Prose += "\n"
		case *ast.CodeSpan:
			section.Spans = append(section.Spans, plain(n, source))

			if _, ok := n.Parent().(*ast.Heading); !ok {
				section.Prose += "\x00" // so that words do not grow together
			}

			return ast.WalkSkipChildren, nil
		case *ast.Link:
			section.Links = append(section.Links, string(n.Destination))
		case *ast.Image:
			section.Links = append(section.Links, string(n.Destination))
		case *ast.Text:
			if _, ok := n.Parent().(*ast.Heading); !ok {
				section.Prose += string(n.Segment.Value(source))
			}

			if n.SoftLineBreak() {
				section.Prose += "\n"
			}
		}

		return ast.WalkContinue, nil
	})

	return page
}

// plain is a node's text without markup.
func plain(node ast.Node, source []byte) string {
	var out strings.Builder

	_ = ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if text, ok := node.(*ast.Text); ok && entering {
			out.Write(text.Segment.Value(source))
		}

		return ast.WalkContinue, nil
	})

	return out.String()
}

func code(node ast.Node, source []byte) string {
	var out strings.Builder

	for i := range node.Lines().Len() {
		line := node.Lines().At(i)
		out.Write(line.Value(source))
	}

	return out.String()
}

func table(node ast.Node, source []byte) Table {
	var out Table

	for row := node.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []Text
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, words(cell, source))
		}

		out = append(out, cells)
	}

	return out
}

func words(node ast.Node, source []byte) Text {
	out := Text{Words: plain(node, source)}

	_ = ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if span, ok := node.(*ast.CodeSpan); ok && entering {
			out.Spans = append(out.Spans, plain(span, source))
		}

		return ast.WalkContinue, nil
	})

	return out
}

// anchor is the name that GitHub gives a heading: small letters, digits and
// marks as they are, spaces as hyphens, and nothing else
// (https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links).
// A second one of the same name is not told apart, for no page here has one.
func anchor(heading string, taken map[string]bool) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		default:
			return -1
		}
	}, heading)

	if taken[name] {
		return ""
	}

	taken[name] = true

	return name
}
