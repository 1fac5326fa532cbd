package gjson_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"

	"github.com/traefik-openwebui/signupwebhook/e2e/gjson/probe"
)

const (
	pluginPath = "github.com/traefik-openwebui/signupwebhook"
	probePath  = pluginPath + "/e2e/gjson/probe"
	goroutines = 8
)

// asked is one of the functions of package probe.
type asked func(doc []byte) []string

// loadProbe interprets the source of package probe, with the gjson of the
// plugin's vendor folder, in a GOPATH as Traefik lays it out. Neither package
// unsafe nor package syscall is to be had in it.
func loadProbe(t *testing.T, source []byte) (ask, askPatched asked) {
	t.Helper()

	gopath := t.TempDir()
	plugin := filepath.Join(gopath, "src", pluginPath)
	err := os.CopyFS(filepath.Join(plugin, "vendor"), os.DirFS(filepath.Join(root, "vendor")))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(gopath, "src", probePath, "probe.go"), source)

	interpreter := interp.New(interp.Options{GoPath: gopath})
	err = interpreter.Use(stdlib.Symbols)
	if err != nil {
		t.Fatal(err)
	}
	_, err = interpreter.Eval(`import "` + probePath + `"`)
	if err != nil {
		t.Fatal(err)
	}
	function := func(name string) asked {
		value, err := interpreter.Eval(name)
		if err != nil {
			t.Fatal(err)
		}
		return value.Interface().(func([]byte) []string)
	}
	return function("probe.Ask"), function("probe.AskPatched")
}

func TestInterpretedLikeCompiled(t *testing.T) {
	ask, askPatched := loadProbe(t, read(t, "probe/probe.go"))

	// The interpreter fills its caches of types at the first run of each path,
	// and does not lock them: the plugin rehearses for the same reason.
	for _, text := range slices.Concat(answers, wholes) {
		ask([]byte(text))
		askPatched([]byte(text))
	}

	docs := corpus(t, corpusSize(t))
	var next atomic.Int64
	var running sync.WaitGroup
	for range goroutines {
		running.Go(func() {
			for !t.Failed() {
				i := int(next.Add(1) - 1)
				if i >= len(docs) {
					return
				}
				same(t, docs[i], ask(docs[i]), probe.Ask(docs[i]))
				// Slow, and nothing that the plugin calls.
				if i%4 == 0 {
					same(t, docs[i], askPatched(docs[i]), probe.AskPatched(docs[i]))
				}
			}
		})
	}
	running.Wait()
	t.Logf("%d documents, %d goroutines", len(docs), goroutines)
}

// A comparison that saw nothing would pass as well. So here the same question
// is put in words that Yaegi is known to misread: of a list of conditions, it
// looks at the first alone.
func TestComparisonSeesATrap(t *testing.T) {
	plain := []byte("if value.Type == gjson.String || value.Type == gjson.Number {")
	trap := []byte("switch { case value.Type == gjson.String, value.Type == gjson.Number:")
	source := read(t, "probe/probe.go")
	if bytes.Count(source, plain) != 1 {
		t.Fatalf("lines like %q in the probe, got: %d, want: 1", plain, bytes.Count(source, plain))
	}
	ask, _ := loadProbe(t, bytes.Replace(source, plain, trap, 1))

	doc := []byte(`{"id":1,"name":"Tim"}`)
	got, want := ask(doc), probe.Ask(doc)
	if slices.Equal(got, want) {
		t.Errorf("answers with and without the trap, got: equal, want: a difference: %q", got)
	}
}
