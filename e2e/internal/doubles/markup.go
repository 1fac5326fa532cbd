package doubles

import (
	"bufio"
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extended "github.com/yuin/goldmark/extension/ast"
	renderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// bareURL is what every chat makes clickable by itself.
var bareURL = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s<>|]+`)

// mark is one kind of markup, and how it is written.
type mark struct {
	name string
	at   *regexp.Regexp
}

// look names the markup that is found in a text.
func (n *Notice) look(words string, marks []mark) {
	for _, m := range marks {
		if m.at.MatchString(words) {
			n.Marks = append(n.Marks, m.name)
		}
	}
}

func (n *Notice) link(words string, at *regexp.Regexp) {
	n.Links = append(n.Links, at.FindAllString(words, -1)...)
}

func (n *Notice) ping(words string, at *regexp.Regexp) {
	n.Pings = append(n.Pings, at.FindAllString(words, -1)...)
}

// punctuation is what CommonMark lets a backslash stand before:
// https://spec.commonmark.org/0.31.2/#backslash-escapes
const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// hidden is where characters go that had a backslash: each of punctuation to
// one of the C1 controls, which are as many, in which no markup is found, and
// which no notice holds.
const hidden = 0x80

// hide takes the backslashes before any of special away, and the meaning from
// what comes after them. show gives the characters back.
func hide(words, special string) string {
	runes := []rune(words)
	after := make([]rune, 0, len(runes))

	for i := 0; i < len(runes); i++ {
		if runes[i] == '\\' && i+1 < len(runes) && strings.ContainsRune(special, runes[i+1]) {
			i++
			after = append(after, hidden+rune(strings.IndexRune(punctuation, runes[i])))

			continue
		}

		after = append(after, runes[i])
	}

	return string(after)
}

func show(words string) string {
	return strings.Map(func(r rune) rune {
		if r >= hidden && int(r-hidden) < len(punctuation) {
			return rune(punctuation[r-hidden])
		}

		return r
	}, words)
}

// markdown is CommonMark with GitHub's extensions, of which each service here
// has at least a part: https://github.github.com/gfm/
var markdown = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.Table, extension.TaskList))

// unescape resolves backslashes and entities as the library itself does.
func unescape(source []byte) string {
	var page bytes.Buffer

	writer := bufio.NewWriter(&page)
	renderer.DefaultWriter.Write(writer, source)
	_ = writer.Flush() // a buffer in memory

	return html.UnescapeString(page.String())
}

// readMarkdown gives the text of a document in Markdown, its paragraphs in
// lines of their own, and names all else that is in it.
func readMarkdown(words string) *Notice {
	var (
		source = []byte(words)
		notice = &Notice{}
		plain  strings.Builder
	)

	_ = ast.Walk(markdown.Parser().Parse(text.NewReader(source)), func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if node.Type() == ast.TypeBlock && node.NextSibling() != nil {
				plain.WriteByte('\n')
			}

			return ast.WalkContinue, nil
		}

		switch n := node.(type) {
		case *ast.Document, *ast.Paragraph:
		case *ast.Text:
			plain.WriteString(unescape(n.Segment.Value(source)))

			if n.SoftLineBreak() || n.HardLineBreak() {
				plain.WriteByte('\n')
			}
		case *ast.String:
			plain.Write(n.Value)
		case *ast.Link:
			notice.Links = append(notice.Links, string(n.Destination))
		case *ast.AutoLink:
			notice.Links = append(notice.Links, string(n.URL(source)))
			plain.Write(n.Label(source))
		case *ast.RawHTML:
			notice.Marks = append(notice.Marks, "HTML")
		case *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock, *ast.Heading, *ast.Image, *ast.Emphasis,
			*ast.Blockquote, *ast.List, *ast.ThematicBreak, *extended.Strikethrough, *extended.Table:
			notice.Marks = append(notice.Marks, node.Kind().String())
		}

		return ast.WalkContinue, nil
	})

	notice.Text = plain.String()
	slices.Sort(notice.Marks)
	notice.Marks = slices.Compact(notice.Marks)

	return notice
}
