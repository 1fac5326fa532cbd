package gjson_test

import (
	"encoding/gob"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/gjson/probe"
)

const (
	gjsonPath = "github.com/tidwall/gjson"
	root      = "../.." // of the plugin
)

// publishedModfile writes a go.mod like this module's, but without the line
// that puts the patched gjson in the place of the published one. The plugin's
// own go.sum has the published one's checksums.
func publishedModfile(tb testing.TB) string {
	tb.Helper()

	modfile := filepath.Join(tb.TempDir(), "go.mod")
	write(tb, modfile, read(tb, "../go.mod"))
	sums := append(read(tb, "../go.sum"), read(tb, filepath.Join(root, "go.sum"))...)
	write(tb, strings.TrimSuffix(modfile, "mod")+"sum", sums)
	command(tb, "", "go", "mod", "edit", "-dropreplace", gjsonPath, modfile)
	return modfile
}

// published is a running program that holds the published gjson.
type published struct {
	documents *gob.Encoder
	answers   *gob.Decoder
}

// startPublished builds and starts the program; it ends with the test.
func startPublished(tb testing.TB) *published {
	tb.Helper()

	binary := filepath.Join(tb.TempDir(), "answers")
	command(tb, "", "go", "build", "-modfile", publishedModfile(tb), "-o", binary, "./answers")

	program := exec.Command(binary)
	program.Stderr = os.Stderr
	stdin, err := program.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	stdout, err := program.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	err = program.Start()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		stdin.Close()
		err := program.Wait()
		if err != nil {
			tb.Errorf("program with the published gjson: %v", err)
		}
	})
	return &published{documents: gob.NewEncoder(stdin), answers: gob.NewDecoder(stdout)}
}

// ask puts a document to the published gjson.
func (p *published) ask(tb testing.TB, doc []byte) []string {
	tb.Helper()

	err := p.documents.Encode(doc)
	if err != nil {
		tb.Fatalf("asking the published gjson about %q: %v", doc, err)
	}
	var lines []string
	err = p.answers.Decode(&lines)
	if err != nil {
		tb.Fatalf("answer of the published gjson about %q: %v", doc, err)
	}
	return lines
}

// askPatched puts a document to the patched gjson, compiled.
func askPatched(doc []byte) []string {
	return append(probe.Ask(doc), probe.AskPatched(doc)...)
}

func TestPatchedLikePublished(t *testing.T) {
	other := startPublished(t)

	docs := corpus(t, corpusSize(t))
	for _, doc := range docs {
		same(t, doc, askPatched(doc), other.ask(t, doc))
		if t.Failed() {
			return
		}
	}
	t.Logf("%d documents", len(docs))
}

// same reports the first line in which two answers differ.
func same(tb testing.TB, doc []byte, got, want []string) {
	tb.Helper()

	for i := range max(len(got), len(want)) {
		a, b := lineOf(got, i), lineOf(want, i)
		if a != b {
			tb.Errorf("document %q, line %d\n got: %s\nwant: %s", doc, i, a, b)
			return
		}
	}
}

func lineOf(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(no line)"
}

// command runs a command in a folder and gives its output.
func command(tb testing.TB, dir, name string, args ...string) string {
	tb.Helper()

	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	output, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("%s: %v\n%s", cmd, err, output)
	}
	return strings.TrimSpace(string(output))
}

func read(tb testing.TB, name string) []byte {
	tb.Helper()

	content, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

func write(tb testing.TB, name string, content []byte) {
	tb.Helper()

	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err != nil {
		tb.Fatal(err)
	}
	err = os.WriteFile(name, content, 0o644)
	if err != nil {
		tb.Fatal(err)
	}
}
