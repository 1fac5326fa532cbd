package readme

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/markdown"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

const (
	english = "README.md"
	german  = "README.de.md"
)

var both = []string{english, german}

// twins are the pages that are there in both languages, by the English one.
var twins = []string{english, "docs/events.md", "docs/delivery.md", "docs/router.md"}

// inGerman is the page that says the same.
func inGerman(path string) string { return strings.TrimSuffix(path, ".md") + ".de.md" }

func root(t *testing.T) string {
	t.Helper()

	dir, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}

	return dir
}

// page is one of the repository, by its path from the top folder.
func page(t *testing.T, path string) markdown.Page {
	t.Helper()

	out, err := markdown.Read(filepath.Join(root(t), path))
	if err != nil {
		t.Fatal(err)
	}

	return out
}

// section is a page's by its English heading. Twins have the same sections, so
// that its number finds it in the other one.
func section(t *testing.T, path, heading string) *markdown.Section {
	t.Helper()

	first := strings.TrimSuffix(strings.TrimSuffix(path, ".md"), ".de") + ".md"
	at := slices.IndexFunc(page(t, first), func(s *markdown.Section) bool { return s.Heading == heading })
	all := page(t, path)

	if at < 0 || at >= len(all) {
		t.Fatalf("got: no section %q in %s, want: one", heading, path)
	}

	return all[at]
}

func TestTwins(t *testing.T) {
	var inTwo []string

	for _, path := range pages(t) {
		if first, ok := strings.CutSuffix(path, ".de.md"); ok {
			inTwo = append(inTwo, first+".md")
		}
	}

	if got, want := sorted(inTwo), sorted(twins); !slices.Equal(got, want) {
		t.Errorf("got: pages in German of %q, want: of %q", got, want)
	}

	for _, path := range twins {
		compare(t, path, inGerman(path))
	}
}

// compare compares two pages in all that does not depend on the language.
func compare(t *testing.T, one, other string) {
	t.Helper()

	first, second := page(t, one), page(t, other)

	if got, want := len(second), len(first); got != want {
		t.Errorf("got: %d sections in %s, want: the %d of %s", got, other, want, one)
		return
	}

	aspects := []struct {
		desc string
		of   func(markdown.Page, *markdown.Section) any
	}{
		{desc: "the heading's level", of: func(_ markdown.Page, s *markdown.Section) any { return s.Level }},
		{desc: "links", of: links},
		{desc: "blocks but for comments", of: func(_ markdown.Page, s *markdown.Section) any { return blocks(s) }},
		{desc: "commands", of: func(_ markdown.Page, s *markdown.Section) any { return commands(s) }},
		{desc: "code in the text", of: func(_ markdown.Page, s *markdown.Section) any { return sorted(s.Spans) }},
		{desc: "numbers in the text", of: func(_ markdown.Page, s *markdown.Section) any { return numbers(s) }},
		{desc: "paragraphs and items", of: func(_ markdown.Page, s *markdown.Section) any { return len(s.Texts) }},
		{desc: "tables, and the code in their cells", of: func(_ markdown.Page, s *markdown.Section) any { return cells(s) }},
	}

	for i := range first {
		for _, aspect := range aspects {
			if diff := cmp.Diff(aspect.of(first, first[i]), aspect.of(second, second[i])); diff != "" {
				t.Errorf("%s: %s: got: + in %s, want: - as in %s:\n%s", first[i].Heading, aspect.desc, other, one, diff)
			}
		}
	}
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)

	return list
}

// links are a section's, those to sections as their numbers, and those to
// pages in two languages as those to the English one.
func links(p markdown.Page, s *markdown.Section) any {
	var out []string

	for _, link := range s.Links {
		if name, ok := strings.CutPrefix(link, "#"); ok {
			link = fmt.Sprint("section ", slices.IndexFunc(p, func(s *markdown.Section) bool { return s.Anchor == name }))
		}

		if first, ok := strings.CutSuffix(link, ".de.md"); ok {
			link = first + ".md"
		}

		out = append(out, link)
	}

	return sorted(out)
}

var comment = regexp.MustCompile(`(?m)(^| +)#.*$`)

// blocks are the fenced ones. The picture of an event's way is indented, and has words in it.
func blocks(s *markdown.Section) []string {
	var out []string

	for _, block := range s.Blocks {
		if block.Language != "" {
			out = append(out, block.Language+"\n"+comment.ReplaceAllString(block.Code, ""))
		}
	}

	return out
}

// number is one, with what parts its digits, which languages do differently.
var number = regexp.MustCompile(`\d[\d.,]*`)

func numbers(s *markdown.Section) []string {
	var out []string

	for _, found := range number.FindAllString(s.Prose, -1) {
		out = append(out, strings.NewReplacer(".", "", ",", "").Replace(found))
	}

	return sorted(out)
}

func cells(s *markdown.Section) any {
	var out [][][][]string

	for _, table := range s.Tables {
		var rows [][][]string

		for _, row := range table {
			var spans [][]string

			for _, cell := range row {
				kind := "words"
				if cell.Words == "" {
					kind = "nothing"
				}

				spans = append(spans, append([]string{kind}, cell.Spans...))
			}

			rows = append(rows, spans)
		}

		out = append(out, rows)
	}

	return out
}

// TestFirstScreen is about what stands before the first heading of a part:
// the other language, a picture, and two commands.
func TestFirstScreen(t *testing.T) {
	for path, other := range map[string]string{english: german, german: english} {
		top := page(t, path)[1]

		if want := []string{other, "docs/sign-up.png"}; !slices.Equal(top.Links, want) {
			t.Errorf("%s: got: %q, want: %q", path, top.Links, want)
		}

		if got, want := len(top.Tables), 1; got != want {
			t.Fatalf("%s: got: %d tables, want: %d", path, got, want)
		}

		var typed []string
		for _, row := range top.Tables[0] {
			typed = append(typed, row[1].Spans...)
		}

		if want := []string{"make demo", "make test"}; !slices.Equal(typed, want) {
			t.Errorf("%s: got: %q, want: %q", path, typed, want)
		}
	}
}

// pages are all that people read, by their paths from the top folder.
func pages(t *testing.T) []string {
	t.Helper()

	out := append([]string{"CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"}, both...)

	for _, folder := range []string{"docs", "examples", "testdata"} {
		err := filepath.WalkDir(filepath.Join(root(t), folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".md" {
				return err
			}

			path, err = filepath.Rel(root(t), path)
			out = append(out, path)

			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}

	return out
}

func TestLinks(t *testing.T) {
	inside := 0

	for _, path := range pages(t) {
		for _, s := range page(t, path) {
			for _, link := range s.Links {
				target, err := url.Parse(link)
				if err != nil {
					t.Errorf("%s: %s: got: %v, want: a link", path, s.Heading, err)
					continue
				}

				if target.Scheme != "" {
					continue
				}

				inside++

				if problem := follow(t, path, target); problem != "" {
					t.Errorf("%s: %s: the link %s: got: %s", path, s.Heading, link, problem)
				}
			}
		}
	}

	if inside == 0 {
		t.Error("got: no link inside the repository, want: some")
	}
}

// ours is a path of the source code, as the pages write one.
var ours = regexp.MustCompile(`^([\w/]+\.go|(internal|e2e|cmd|patches|scripts)/[\w./-]+)$`)

// TestPaths has each file and folder of the source code that a page names be
// there. The list of changes is left out: it tells of what was, too.
func TestPaths(t *testing.T) {
	found := 0

	for _, path := range pages(t) {
		if path == "CHANGELOG.md" {
			continue
		}

		for _, s := range page(t, path) {
			for _, span := range s.Spans {
				if !ours.MatchString(span) {
					continue
				}

				found++

				if _, err := os.Stat(filepath.Join(root(t), span)); err != nil {
					t.Errorf("%s: %s: got: no %s, want: a path from the top folder", path, s.Heading, span)
				}
			}
		}
	}

	if found == 0 {
		t.Error("got: no path of the source code, want: some")
	}
}

// follow says what is wrong with a link of a page.
func follow(t *testing.T, from string, target *url.URL) string {
	t.Helper()

	to := from
	if target.Path != "" {
		to = filepath.Join(filepath.Dir(from), target.Path)
	}

	if !filepath.IsLocal(to) {
		return "outside the repository, want: inside"
	}

	if _, err := os.Stat(filepath.Join(root(t), to)); err != nil {
		return "nothing there, want: a file or a folder"
	}

	if target.Fragment == "" {
		return ""
	}

	if !slices.ContainsFunc(page(t, to), func(s *markdown.Section) bool { return s.Anchor == target.Fragment }) {
		return "no heading of that name, want: one"
	}

	return ""
}
