package interpreted

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

const module = "github.com/traefik-openwebui/signupwebhook"

// perPackage bounds one package: an interpreter that hangs must not take the
// whole run with it. A busy machine takes some minutes for the largest.
const perPackage = 10 * time.Minute

var passed = regexp.MustCompile(`(?m)^\s*--- PASS: (Test\w+)`)

// TestPackages runs the tests of every package that Traefik loads, and wants
// to see each of them pass.
func TestPackages(t *testing.T) {
	yaegi, err := tools.YaegiRace(context.Background())
	tools.Check(t, err)
	root, err := tools.Root()
	require.NoError(t, err)
	gopath := t.TempDir()
	target := filepath.Join(gopath, "src", filepath.FromSlash(module))
	copyTree(t, root, target)

	for _, dir := range packages(t, target) {
		t.Run(path.Join(".", dir), func(t *testing.T) {
			tests := testsIn(t, filepath.Join(target, dir))
			require.NotEmpty(t, tests, "%s has no test that could be run interpreted", dir)
			output, err := run(yaegi, gopath, filepath.Join(target, dir), path.Join(module, filepath.ToSlash(dir)))
			if err != nil {
				t.Errorf("%v\n%s", err, output)
				return
			}
			ran := map[string]bool{}
			for _, match := range passed.FindAllStringSubmatch(output, -1) {
				ran[match[1]] = true
			}
			for _, name := range tests {
				if !ran[name] {
					t.Errorf("%s did not pass interpreted, or did not run:\n%s", name, output)
				}
			}
		})
	}
}

// TestRacesAreSeen shows that the run fails where the interpreter has a race:
// a select statement that two goroutines share.
func TestRacesAreSeen(t *testing.T) {
	yaegi, err := tools.YaegiRace(context.Background())
	tools.Check(t, err)
	gopath := t.TempDir()
	dir := filepath.Join(gopath, "src", "example.org", "racy")
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/racy")))
	output, err := run(yaegi, gopath, dir, "example.org/racy")
	require.Error(t, err, "a race was not seen:\n%s", output)
	require.Contains(t, output, "DATA RACE")
}

// run tests one package and returns what was printed.
func run(yaegi, gopath, dir, importPath string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), perPackage)
	defer cancel()
	command := exec.CommandContext(ctx, yaegi, "test", "-v", importPath)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOPATH="+gopath, "GO111MODULE=off", "WEBHOOK_URL=", "GORACE=exitcode=66")
	var output bytes.Buffer
	command.Stdout = &output
	command.Stderr = &output
	err := command.Run()
	if err == nil && strings.Contains(output.String(), "DATA RACE") {
		err = fmt.Errorf("the interpreter has a race")
	}
	return output.String(), err
}

// packages lists the folders with Go files that Traefik loads, vendored ones
// aside.
func packages(t *testing.T, root string) []string {
	t.Helper()
	dirs := []string{"."}
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		files, err := filepath.Glob(filepath.Join(name, "*.go"))
		if len(files) > 0 {
			relative, _ := filepath.Rel(root, name)
			dirs = append(dirs, relative)
		}
		return err
	})
	require.NoError(t, err)
	return dirs
}

// testsIn lists the test functions of a folder.
func testsIn(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	require.NoError(t, err)
	tests := []string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, declaration := range parsed.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if ok && function.Recv == nil && strings.HasPrefix(function.Name.Name, "Test") {
				tests = append(tests, function.Name.Name)
			}
		}
	}
	return tests
}

// copyTree copies what the tests need of the plugin, tests included.
func copyTree(t *testing.T, root, target string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(target, 0o755))
	for _, dir := range []string{"internal", "vendor", "testdata"} {
		require.NoError(t, os.CopyFS(filepath.Join(target, dir), os.DirFS(filepath.Join(root, dir))))
	}
	files, err := filepath.Glob(filepath.Join(root, "*.go"))
	require.NoError(t, err)
	for _, file := range append(files, filepath.Join(root, "go.mod")) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(target, filepath.Base(file)), data, 0o600))
	}
}
