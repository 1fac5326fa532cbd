package gjson_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// exempt are those of gjson's own tests that the patched copy cannot pass,
// because they ask for the place of a value in its document.
var exempt = []struct{ name, why string }{
	{"TestPath", "Path follows Index back to the value"},
	{"TestArrayValues", "prints whole results, Index among them"},
	{"TestIndexes", "asserts Indexes"},
	{"TestIndexesMatchesRaw", "asserts Indexes"},
	{"TestQueryGetPath", "Path and Paths follow Index and Indexes"},
	{"TestIndexAtSymbol", "asserts Index"},
}

func TestOwnSuite(t *testing.T) {
	suite := buildSuite(t)
	dir := filepath.Dir(suite)

	names := strings.Fields(command(t, dir, suite, "-test.list", "^Test"))
	exempted := []string{}
	for _, test := range exempt {
		if !slices.Contains(names, test.name) {
			t.Errorf("exempt test %s does not exist", test.name)
		}
		exempted = append(exempted, test.name)
	}
	skip := "^(" + strings.Join(exempted, "|") + ")$"
	output := command(t, dir, suite, "-test.v", "-test.skip", skip)

	passed := len(regexp.MustCompile(`(?m)^--- PASS: `).FindAllString(output, -1))
	want := len(names) - len(exempt)
	if passed != want || passed == 0 {
		t.Errorf("tests passed, got: %d, want: %d\n%s", passed, want, output)
	}
	t.Logf("%d of gjson's %d tests pass, %d are exempt", passed, len(names), len(exempt))
}

// An exemption that is no longer needed would hide a test for nothing.
func TestExemptTestsFail(t *testing.T) {
	suite := buildSuite(t)
	for _, test := range exempt {
		cmd := exec.Command(suite, "-test.run", "^"+test.name+"$")
		cmd.Dir = filepath.Dir(suite)
		output, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("%s (%s), got: %s, want: a failure", test.name, test.why, output)
		}
	}
}

// buildSuite compiles the published package's tests with the patched sources.
func buildSuite(t *testing.T) string {
	t.Helper()

	publishedDir := command(t, "", "go", "list", "-modfile", publishedModfile(t), "-m", "-f", "{{.Dir}}", gjsonPath)
	dir := t.TempDir()
	copyFiles(t, dir, filepath.Join(root, "vendor", gjsonPath, "*"))
	copyFiles(t, dir, filepath.Join(publishedDir, "*_test.go"))
	copyFiles(t, dir, filepath.Join(publishedDir, "go.sum"))

	suite := filepath.Join(dir, "suite")
	command(t, dir, "go", "test", "-c", "-o", suite)
	return suite
}

// copyFiles copies the files that match a pattern into a folder.
func copyFiles(t *testing.T, dir, pattern string) {
	t.Helper()

	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("no file matches %s", pattern)
	}
	for _, name := range names {
		write(t, filepath.Join(dir, filepath.Base(name)), read(t, name))
	}
}
