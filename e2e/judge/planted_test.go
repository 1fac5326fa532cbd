package judge

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// plantedEnv names what is planted into the copy of the plugin.
const plantedEnv = "JUDGE_PLANTED"

// planted is a change of the plugin that a compiler sees nothing in.
type planted struct {
	name string
	// One line of a file is replaced, and more is a new file beside it.
	file, old, new, more string
	// Which test must fail, and what it must say.
	test, want string
	// Whether it takes several goroutines. The others are found just the same
	// without the race detector, and far sooner.
	concurrent bool
}

const (
	different = `differences, got: [1-9]`
	broken    = `DATA RACE|a hang: nothing happened|` + different
)

var plantings = []planted{
	{
		name: "nothing",
		test: "TestSignups", // the other one shows it by itself

		concurrent: true,
	},
	{
		name: "a select that goroutines share",
		file: "plugin.go",
		old:  "\taccept(n, event)\n",
		new:  "\taccept(n, passedOn(event))\n",
		more: `package signupwebhook

import "github.com/traefik-openwebui/signupwebhook/internal/openwebui"

// Many times, because chance decides whether two meet.
func passedOn(event *openwebui.Event) *openwebui.Event {
	for i := 0; i < 300; i++ {
		event = passedOnce(event)
	}
	return event
}

func passedOnce(event *openwebui.Event) *openwebui.Event {
	events := make(chan *openwebui.Event, 1)
	never := make(chan bool)
	events <- event
	select {
	case got := <-events:
		return got
	case <-never:
		return nil
	}
}
`,
		test: "TestSignups",
		want: broken,

		concurrent: true,
	},
	{
		name: "goroutines of closures in a loop",
		file: "internal/message/clean.go",
		old:  "func Clean(text string) string {\n",
		new:  "func cleaned(text string) string {\n",
		more: `package message

func Clean(text string) string {
	for i := 0; i < 30; i++ {
		text = cleanedAside(text)
	}
	return cleanedAside(text)
}

func cleanedAside(text string) string {
	pieces := make(chan string, 8)
	for i := 0; i < 8; i++ {
		i := i
		go func() {
			if i == 7 {
				pieces <- cleaned(text)
				return
			}
			pieces <- ""
		}()
	}
	whole := ""
	for i := 0; i < 8; i++ {
		piece := <-pieces
		whole += piece
	}
	return whole
}
`,
		test: "TestFunctions",
		// A literal that is nil by the time it runs ends the program.
		want: broken + `|panic: |SIGSEGV`,

		concurrent: true,
	},
	{
		name: "a closure in a loop",
		file: "internal/message/clean.go",
		old:  "func Clean(text string) string {\n",
		new:  "func cleaned(text string) string {\n",
		more: `package message

import "sync"

func Clean(text string) string {
	whole := ""
	later := []func(){}
	for _, piece := range []string{text, ""} {
		piece := piece
		later = append(later, sync.OnceFunc(func() { whole += cleaned(piece) }))
	}
	for _, f := range later {
		f()
	}
	return whole
}
`,
		test: "TestFunctions",
		want: `message\.Clean, ` + different,
	},
	{
		name: "a named result, which keeps its last value",
		file: "internal/message/template.go",
		old:  "func Contains(list []string, word string) bool {\n",
		new:  "func among(list []string, word string) bool {\n",
		more: `package message

func Contains(list []string, word string) (found bool) {
	if among(list, word) {
		found = true
	}
	return
}
`,
		test: "TestFunctions",
		want: `message\.Parse, ` + different,
	},
	{
		name: "a comma and a blank, which keeps the last value",
		file: "internal/message/template.go",
		old:  "\t\t\tvalue := values[p.field]\n",
		new:  "\t\t\tvalue, _ := values[p.field]\n",
		test: "TestFunctions",
		want: `message\.Parse, ` + different,
	},
	{
		name: "a list in a case, of which the first alone is looked at",
		file: "internal/delivery/verdict.go",
		old:  "\tif status == 408 || status == 429 {\n",
		new:  "\tswitch {\n\tcase status == 408, status == 429:\n",
		test: "TestFunctions",
		want: `delivery\.mayBeAlone, ` + different,
	},
	{
		name: "the same in the search, where nothing is fresh any longer",
		file: "scan.go",
		old:  "\treturn age < strayAge && age > -strayAge\n",
		new:  "\tswitch {\n\tcase false, age < strayAge && age > -strayAge:\n\t\treturn true\n\t}\n\treturn false\n",
		test: "TestFunctions",
		want: `signupwebhook\.deliver, ` + different,
	},
	{
		name: "a named result in the schedule",
		file: "internal/schedule/done.go",
		old:  "\t\tif !item.failed {\n",
		new:  "\t\tif !hasFailed(item) {\n",
		more: `package schedule

func hasFailed(item *Item) (failed bool) {
	if item.failed {
		failed = true
	}
	return
}
`,
		test: "TestFunctions",
		want: `schedule\.play, ` + different,
	},
	{
		name: "a literal that is set on a captured variable",
		file: "internal/outbox/notice.go",
		old:  "\tread := &record{}\n",
		new:  "\tread := begun()\n",
		more: `package outbox

func begun() *record {
	r := record{}
	func() { r = record{Fields: map[string]string{}} }()
	return &r
}
`,
		test: "TestFunctions",
		want: `outbox\.parse, ` + different,
	},
	{
		name: "a select between the disk and the clock",
		file: "internal/outbox/patience.go",
		old:  "\t<-ctx.Done()\n",
		new:  "\t<-ctx.Done()\n\twait()\n",
		more: `package outbox

func wait() {
	for i := 0; i < 300; i++ {
		woken := make(chan struct{}, 1)
		woken <- struct{}{}
		waitOnce(woken)
	}
}

func waitOnce(woken chan struct{}) {
	never := make(chan struct{})
	select {
	case <-woken:
	case <-never:
	}
}
`,
		test: "TestSignups",
		want: broken,

		concurrent: true,
	},
	{
		name: "an import that the interpreter lacks",
		file: "internal/message/clean.go",
		old:  "import (\n",
		new:  "import (\n\t_ \"unsafe\"\n",
		test: "TestEveryPackageIsJudged",
		want: `package github\.com/traefik-openwebui/signupwebhook/internal/message does not load`,
	},
}

// plantedPackage is the one package in which something is planted that is
// found without asking all others; "" for none.
func plantedPackage() string {
	for _, p := range plantings {
		if p.name == os.Getenv(plantedEnv) && p.file != "" && !p.concurrent {
			return path.Base(path.Join("signupwebhook", path.Dir(p.file)))
		}
	}

	return ""
}

// plant changes the copy of the plugin in dir.
func plant(t testing.TB, dir, name string) {
	t.Helper()

	for _, p := range plantings {
		if p.name != name {
			continue
		}

		if p.file == "" {
			return
		}

		file := filepath.Join(dir, filepath.FromSlash(p.file))

		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}

		if count := strings.Count(string(text), p.old); count != 1 {
			t.Fatalf("%s, the line %q, got: %d times, want: once", p.file, p.old, count)
		}

		changed := strings.Replace(string(text), p.old, p.new, 1)
		if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}

		if p.more == "" {
			return
		}

		if err := os.WriteFile(filepath.Join(filepath.Dir(file), "planted.go"), []byte(p.more), 0o644); err != nil {
			t.Fatal(err)
		}

		return
	}

	t.Fatalf("%s, got: %q, want: one of those that can be planted", plantedEnv, name)
}

// The judge is judged: of what is planted it must find everything, and must
// find nothing where nothing was.
func TestPlanted(t *testing.T) {
	if os.Getenv(plantedEnv) != "" {
		t.Skip("this is the run with something planted")
	}

	for _, p := range plantings {
		if raceChecked && !p.concurrent {
			continue
		}

		t.Run(p.name, func(t *testing.T) {
			said, err := judgePlanted(t, p)

			var exit *exec.ExitError

			switch {
			case p.want == "":
				if err != nil {
					t.Errorf("got: %v, want: nothing found:\n%s", err, said)
				}
			case err == nil:
				t.Errorf("got: nothing found, want: %s", p.want)
			case !errors.As(err, &exit):
				t.Error(err)
			case !regexp.MustCompile(p.want).MatchString(said):
				t.Errorf("got: %s, want: %s", said, p.want)
			default:
				t.Logf("found: %s", regexp.MustCompile(`.*(`+p.want+`).*`).FindString(said))
			}
		})
	}
}

// judgePlanted runs this very program on the changed plugin, since a race or
// a hang is the end of it.
func judgePlanted(t *testing.T, p planted) (said string, err error) {
	t.Helper()

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()

	var out bytes.Buffer

	cmd := exec.CommandContext(ctx, self, "-test.run=^("+p.test+")$", "-test.count=1")
	cmd.Env = append(os.Environ(), plantedEnv+"="+p.name, "JUDGE_TIMES=0.1", "GORACE=halt_on_error=1")
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()

	if text := out.String(); strings.Contains(text, "does not compile") {
		t.Fatalf("got: %s, want: a change that compiles", text)
	}

	return out.String(), err
}
