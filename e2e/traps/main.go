// Command traps prints the table of what not to write in interpreted code, as
// Markdown for the documentation.
//
//	go run ./traps
//
// Its test runs each program under testdata compiled, interpreted and, where
// the symptom is a race, in an interpreter built with -race.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/e2e/traps/catalog"
)

func main() {
	out := bufio.NewWriter(os.Stdout)

	writeTable(out)

	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "traps:", err)
		os.Exit(1)
	}
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
