package readme

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/markdown"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// known is what a command begins with, variables before it aside.
var known = regexp.MustCompile(`^(?:[A-Z_]+=\S+ )*(make|go run|go build|go test|git clone|cd) `)

func isCommand(text string) bool { return known.MatchString(text) }

// commands are those of a section, in blocks and in the text, without comments.
func commands(s *markdown.Section) []string {
	var out []string

	for _, block := range s.Blocks {
		for _, line := range strings.Split(strings.ReplaceAll(block.Code, "\\\n", ""), "\n") {
			line = strings.TrimSpace(comment.ReplaceAllString(line, ""))
			if isCommand(line) {
				out = append(out, line)
			}
		}
	}

	for _, span := range s.Spans {
		if isCommand(span) {
			out = append(out, span)
		}
	}

	return out
}

// TestMake looks for the targets that any page names, and for the folders that
// they are given.
func TestMake(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root(t), "Makefile"))
	if err != nil {
		t.Fatal(err)
	}

	var targets []string
	for _, found := range regexp.MustCompile(`(?m)^([a-z0-9-]+):.*## `).FindAllSubmatch(makefile, -1) {
		targets = append(targets, string(found[1]))
	}

	count := 0

	for _, path := range pages(t) {
		for _, s := range page(t, path) {
			for _, command := range commands(s) {
				if !strings.HasPrefix(command, "make ") {
					continue
				}

				count++

				words := strings.Fields(command)
				if !slices.Contains(targets, words[1]) {
					t.Errorf("%s: `%s`: got: no such target, want: one of %q", path, command, targets)
				}

				for _, word := range words[2:] {
					name, value, _ := strings.Cut(word, "=")
					if !strings.Contains(string(makefile), name) {
						t.Errorf("%s: `%s`: got: %s, which the Makefile does not know", path, command, name)
					}

					if name == "E2E" {
						if _, err := os.Stat(filepath.Join(root(t), "e2e", value)); err != nil {
							t.Errorf("%s: `%s`: got: no such folder, want: one", path, command)
						}
					}
				}
			}
		}
	}

	if count == 0 {
		t.Error("got: no page that names a target, want: some")
	}
}

// TestClone compares what is cloned with where Traefik looks for it.
func TestClone(t *testing.T) {
	for _, path := range both {
		got := commands(section(t, path, "Quick start"))
		if len(got) == 0 {
			t.Fatalf("%s: got: no command, want: one that clones", path)
		}

		want := []string{"git", "clone", "https://" + tools.Module, "plugins-local/src/" + tools.Module}
		if words := strings.Fields(got[0]); !slices.Equal(words, want) {
			t.Errorf("%s: got: %q, want: %q", path, words, want)
		}
	}
}

// TestMeasure has Go list the tests that a page says are what measured.
func TestMeasure(t *testing.T) {
	ran := 0

	run := regexp.MustCompile(`^((?:[A-Z_]+=\S+ )*go test -C e2e) .*-run '(.*)' (\./\w+)$`)

	for _, path := range twins {
		// TestTwins has compared the other page's.
		for _, s := range page(t, path) {
			for _, command := range commands(s) {
				found := run.FindStringSubmatch(command)
				if found == nil {
					continue
				}

				ran++

				// Vet would take its time over what is only listed.
				got := sh(t, found[1]+" -vet=off -list '"+found[2]+"' "+found[3])
				for _, name := range strings.Split(found[2], "|") {
					if !strings.Contains(got, name) {
						t.Errorf("%s: `%s`: got: %q, want: a test that is called %s", path, command, got, name)
					}
				}
			}
		}
	}

	if ran == 0 {
		t.Error("got: no command that measures, want: some")
	}
}

// TestNotify runs the commands that send a notice, without sending it.
func TestNotify(t *testing.T) {
	const config = "dynamic.yml"

	file := filepath.Join(t.TempDir(), config)
	if err := os.WriteFile(file, []byte(configuration(t, english, "yaml", "http:")), 0o600); err != nil {
		t.Fatal(err)
	}

	// TestTwins has compared the two pages' commands.
	got := commands(section(t, "docs/delivery.md", "One notice by hand"))
	wants := []string{"slack, recognised by the URL", "Neuer Benutzer registriert: Tim"}
	ran := 0

	for _, command := range got {
		if !strings.HasPrefix(command, "go run ") {
			continue
		}

		if ran == len(wants) {
			t.Fatalf("got: one more: %s, want: %d", command, len(wants))
		}

		printed := sh(t, strings.ReplaceAll(command, config, file)+" -dry-run")
		if !strings.Contains(printed, wants[ran]) || !strings.Contains(printed, "verdict") {
			t.Errorf("%s: got: %s, want: %q and a verdict", command, printed, wants[ran])
		}

		ran++
	}

	if ran != len(wants) {
		t.Errorf("got: %d commands in %q, want: %d", ran, got, len(wants))
	}

	if !slices.ContainsFunc(got, func(command string) bool { return strings.HasPrefix(command, "go build ") }) {
		t.Errorf("got: %q, want: one that builds", got)
	}

	// The README has the first of them, and the second's flags.
	short := section(t, english, "When nothing arrives")
	if found := commands(short); !slices.Equal(found, got[:1]) {
		t.Errorf("got: %q in %s, want: %q", found, english, got[0])
	}

	if flags := strings.TrimPrefix(got[1], "go run -C cmd/notify . "); !slices.Contains(short.Spans, flags) {
		t.Errorf("got: %q in %s, want: %q among it", short.Spans, english, flags)
	}
}

// sh runs a line as one types it in the top folder.
func sh(t *testing.T, line string) string {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
	defer cancel()

	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), "WEBHOOK_URL=https://hooks.example/key")

	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: got: %v, want: success\n%s", line, err, out)
	}

	return string(out)
}
