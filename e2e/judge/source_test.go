package judge

import (
	"bytes"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/plugincopy"
)

const (
	bridge = "testdata/bridge"

	// goroutines drive the interpreter at once.
	goroutines = 8
)

// times is how much longer or shorter than usual the tests run.
func times(t testing.TB, usual int) int {
	t.Helper()

	factor := 1.0

	if text := os.Getenv("JUDGE_TIMES"); text != "" {
		var err error

		factor, err = strconv.ParseFloat(text, 64)
		if err != nil || factor <= 0 {
			t.Fatalf("JUDGE_TIMES, got: %q, want: a number above 0", text)
		}
	}

	return max(1, int(factor*float64(usual)))
}

// copied lays the plugin out in a GOPATH of its own, with the bridge over it
// and with what plantedEnv asks for planted in it.
func copied(t testing.TB) (gopath, module string) {
	t.Helper()

	gopath = t.TempDir()

	module, err := plugincopy.Repository(gopath)
	if err != nil {
		t.Fatal(err)
	}

	dir := filepath.Join(gopath, "src", filepath.FromSlash(module))

	if err := os.CopyFS(dir, os.DirFS(bridge)); err != nil {
		t.Fatal(err)
	}

	if name := os.Getenv(plantedEnv); name != "" {
		plant(t, dir, name)
	}

	return gopath, module
}

// withoutChance gives a package of the bridge to those of the copied plugin
// that wait for a random time, so that two runs of them can be compared.
func withoutChance(t testing.TB, dir string) {
	t.Helper()

	const chance = `"math/rand"`

	steady := strconv.Quote("github.com/traefik-openwebui/signupwebhook/steady/rand")

	for _, file := range []string{"internal/schedule/schedule.go", "internal/delivery/backoff.go"} {
		path := filepath.Join(dir, filepath.FromSlash(file))

		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}

		if count := strings.Count(string(text), chance); count != 1 {
			t.Fatalf("%s, imports of %s, got: %d, want: 1", file, chance, count)
		}

		if err := os.WriteFile(path, []byte(strings.Replace(string(text), chance, steady, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// packagesOf lists the plugin's packages that are interpreted, by their
// folders; the plugin itself is ".".
func packagesOf(t testing.TB, dir string) []string {
	t.Helper()

	found := []string{"."}

	err := filepath.WalkDir(filepath.Join(dir, "internal"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}

		name, err := filepath.Rel(dir, filepath.Dir(path))
		if err != nil {
			return err
		}

		if name = filepath.ToSlash(name); !slices.Contains(found, name) {
			found = append(found, name)
		}

		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	return found
}

// output is what a plugin printed and logged.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()

	return o.text.Write(p)
}

// take returns what came since the last call.
func (o *output) take() string {
	o.mu.Lock()
	defer o.mu.Unlock()

	text := o.text.String()
	o.text.Reset()

	return text
}

// checkFaults fails if the plugin, interpreted, met a fault of its own.
func (o *output) checkFaults(t testing.TB) {
	t.Helper()

	for line := range strings.SplitSeq(o.take(), "\n") {
		if strings.Contains(line, "a fault of the plugin") {
			t.Errorf("in the plugin's log, got: %s, want: no fault", line)
		}
	}
}

// compiledLog is what the compiled plugin logs.
var compiledLog = &output{}

// quiet keeps what the compiled plugin writes out of the test's output. It is
// never undone: a goroutine of the plugin's may still be about to write.
var quiet = sync.OnceFunc(func() {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}

	os.Stdout = null

	log.SetFlags(0)
	log.SetOutput(compiledLog)
})

// load interprets the copied plugin as Traefik does.
func load(t testing.TB) (*interp.Plugin, *output) {
	t.Helper()

	gopath, module := copied(t)
	out := &output{}

	plugin, err := interp.Load(gopath, module, out, out)
	if err != nil {
		t.Fatal(err)
	}

	return plugin, out
}

// leavesNothing fails the test if goroutines that it started are left when it
// has cleaned up.
func leavesNothing(t *testing.T) {
	t.Helper()

	// The test's folder is made first, and so is removed last, when nobody is
	// left who writes into it.
	_ = t.TempDir()

	before := goleak.IgnoreCurrent()

	t.Cleanup(func() {
		// Each search waits a second or so for what is about to end.
		err := goleak.Find(before)
		for range 10 {
			if err != nil {
				err = goleak.Find(before)
			}
		}

		if err != nil {
			t.Errorf("goroutines left over: %v", err)
		}
	})
}

// watch ends the whole program, with what every goroutine is at, when nothing
// has called the function that it returns for too long. A goroutine
// that hangs in the interpreter cannot be ended in any other way.
func watch(t *testing.T) (alive func()) {
	t.Helper()

	patience := 60 * time.Second
	if os.Getenv(plantedEnv) != "" {
		patience = 15 * time.Second // a hang is what may be wanted
	}

	name := t.Name()
	timer := time.AfterFunc(patience, func() {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]

		fmt.Fprintf(os.Stderr, "%s: a hang: nothing happened for %s\n%s\n", name, patience, stacks)
		os.Exit(3)
	})

	t.Cleanup(func() { timer.Stop() })

	return func() { timer.Reset(patience) }
}
