// Command traps prints the table of what not to write in interpreted code, as
// Markdown, or writes it into docs/yaegi.md.
//
//	go run ./traps [-write]
//
// Its test runs each program under testdata compiled, interpreted and, where
// the symptom is a race, in an interpreter built with -race.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/traps/catalog"
)

// page is where the table stands, between two lines.
const (
	page  = "docs/yaegi.md"
	begin = "<!-- made by `go run ./traps -write` in e2e/ -->\n"
	end   = "<!-- until here -->\n"
)

func main() {
	write := flag.Bool("write", false, "write the table into "+page)
	flag.Parse()

	if err := printOrWrite(*write); err != nil {
		fmt.Fprintln(os.Stderr, "traps:", err)
		os.Exit(1)
	}
}

func printOrWrite(write bool) error {
	if !write {
		writeTable(os.Stdout)
		return nil
	}

	root, err := tools.Root()
	if err != nil {
		return err
	}

	file := filepath.Join(root, page)

	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}

	made, err := withTable(string(text))
	if err != nil {
		return err
	}

	return os.WriteFile(file, []byte(made), 0o644)
}

// withTable is the page's text with the table of today in it.
func withTable(text string) (string, error) {
	before, rest, found := strings.Cut(text, begin)
	_, after, foundEnd := strings.Cut(rest, end)

	if !found || !foundEnd {
		return "", fmt.Errorf("%s lacks the lines between which the table stands", page)
	}

	var table bytes.Buffer
	writeTable(&table)

	return before + begin + "\n" + table.String() + "\n" + end + after, nil
}

func writeTable(w io.Writer) {
	_, _ = fmt.Fprintln(w, "| instead of | write | what the interpreter does | Go | Yaegi | rule |")
	_, _ = fmt.Fprintln(w, "|---|---|---|---|---|---|")

	for _, t := range catalog.Traps {
		_, _ = fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s |\n",
			cell(t.Avoid), cell(t.Instead), t.Effect, code(t.Go), code(t.Yaegi), t.Rule)
	}

	_, _ = fmt.Fprintln(w, "\nRight all the same:")
	_, _ = fmt.Fprintln(w)

	for _, f := range catalog.Right {
		_, _ = fmt.Fprintf(w, "- %s\n", f.What)
	}
}

// cell keeps a text from ending its cell.
func cell(text string) string {
	return strings.ReplaceAll(text, "|", `\|`)
}

func code(text string) string {
	if text == "" {
		return ""
	}

	return "`" + cell(text) + "`"
}
