package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// plugin writes a plugin's files into a new folder.
func plugin(t *testing.T, files map[string]string) string {
	t.Helper()

	dir := t.TempDir()

	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))

		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	return dir
}

const goMod = "module example.org/demo\n\ngo 1.21\n"

// trap is a file with one finding, in line 4.
func trap(pkg string) string {
	return "package " + pkg + "\n\nfunc Wait(c chan int) {\n\tselect {\n\tcase <-c:\n\t}\n}\n"
}

func texts(t *testing.T, dir string, patterns ...string) []string {
	t.Helper()

	r, err := check(dir, patterns)
	if err != nil {
		t.Fatal(err)
	}

	var list []string
	for _, f := range r.findings {
		list = append(list, f.text(r.root))
	}

	return list
}

// wantLines compares the beginnings of the findings.
func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()

	ok := len(got) == len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = strings.HasPrefix(got[i], want[i])
	}

	if !ok {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatTraefikLoads(t *testing.T) {
	dir := plugin(t, map[string]string{
		".traefik.yml": "displayName: demo\n",
		"go.mod":       goMod + "\nrequire example.org/lib v1.2.3\n",
		"demo.go": "package demo\n\nimport (\n\t\"example.org/demo/internal/used\"\n\t\"example.org/lib\"\n)\n\n" +
			"func Run() { used.Wait(nil); lib.Wait(nil) }\n",
		"demo_test.go":                  "package demo\n\nfunc wait(c chan int) {\n\tselect {}\n}\n",
		"internal/used/used.go":         trap("used"),
		"internal/unused/unused.go":     trap("unused"),
		"cmd/tool/main.go":              "package main\n\nfunc main() { select {} }\n",
		"nested/go.mod":                 "module example.org/demo/nested\n\ngo 1.21\n",
		"nested/nested.go":              trap("nested"),
		"vendor/modules.txt":            "# example.org/lib v1.2.3\n## explicit\nexample.org/lib\n",
		"vendor/example.org/lib/lib.go": trap("lib"),
	})

	tests := []struct {
		desc     string
		from     string
		patterns []string
		want     []string
	}{
		{
			desc: "all, from the plugin's folder", from: ".", patterns: []string{"./..."},
			want: []string{"internal/used/used.go:4:2: select statement", "vendor/example.org/lib/lib.go:4:2: select statement"},
		},
		{
			desc: "all, from a nested module", from: "nested",
			want: []string{"internal/used/used.go:4:2: select statement", "vendor/example.org/lib/lib.go:4:2: select statement"},
		},
		{
			desc: "one package", from: ".", patterns: []string{"./internal/used"},
			want: []string{"internal/used/used.go:4:2: select statement"},
		},
		{desc: "a clean package", from: ".", patterns: []string{"."}},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			wantLines(t, texts(t, filepath.Join(dir, test.from), test.patterns...), test.want...)
		})
	}

	t.Run("a package that Traefik does not load", func(t *testing.T) {
		_, err := check(dir, []string{"./cmd/..."})
		if err == nil || !strings.Contains(err.Error(), "loads no package that matches ./cmd/...") {
			t.Errorf("got: %v, want: an error that names the pattern", err)
		}
	})
}

func TestThePackageThatTheManifestImports(t *testing.T) {
	files := func(more map[string]string) map[string]string {
		all := map[string]string{
			".traefik.yml":        "import: example.org/demo/inner\n",
			"go.mod":              goMod,
			"inner/inner.go":      "package inner\n\nimport \"example.org/demo/used\"\n\nfunc Run() { used.Wait(nil) }\n",
			"used/used.go":        trap("used"),
			"inner/deep/other.go": trap("other"),
		}
		for name, text := range more {
			all[name] = text
		}

		return all
	}

	const found = "used/used.go:4:2: select statement"

	tests := []struct {
		desc string
		more map[string]string
		want []string
	}{
		{desc: "no Go file in the root folder", want: []string{found}},
		{desc: "another package in the root folder", more: map[string]string{"demo.go": trap("demo")}, want: []string{found}},
		{
			desc: "a trap in the package itself", more: map[string]string{"inner/more.go": trap("inner")},
			want: []string{"inner/more.go:4:2: select statement", found},
		},
		{
			desc: "no import, so the root folder", more: map[string]string{".traefik.yml": "type: middleware\n", "demo.go": trap("demo")},
			want: []string{"demo.go:4:2: select statement"},
		},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			wantLines(t, texts(t, plugin(t, files(test.more))), test.want...)
		})
	}
}

func TestFilesOfOtherSystems(t *testing.T) {
	here := runtime.GOOS + "_" + runtime.GOARCH

	dir := plugin(t, map[string]string{
		".traefik.yml":              "",
		"go.mod":                    goMod,
		"demo.go":                   "package demo\n",
		"here_" + here + ".go":      "package demo\n",
		"never.go":                  "//go:build ignore\n\npackage demo\n",
		"other_linux_s390x.go":      trap("demo"),
		"other_linux_s390x_test.go": trap("demo"),
		"tagged.go":                 "//go:build linux && riscv64\n\npackage demo\n",
	})

	wantLines(t, texts(t, dir),
		"other_linux_s390x.go:1:1: only Traefik on linux/s390x reads this file",
		"tagged.go:1:1: only Traefik on linux/riscv64 reads this file",
	)
}

func TestWhatCannotBeChecked(t *testing.T) {
	const manifest, code = ".traefik.yml", "demo.go"

	tests := []struct {
		desc string
		more map[string]string // than go.mod and an empty package
		want string
	}{
		{desc: "no plugin", want: "has a .traefik.yml"},
		{desc: "a package that does not compile", more: map[string]string{manifest: "", code: "package demo\n\nvar x int = \"a\"\n"}, want: "package example.org/demo does not compile"},
		{desc: "an import that is not there", more: map[string]string{manifest: "", code: "package demo\n\nimport _ \"example.org/demo/gone\"\n"}, want: "example.org/demo/gone"},
		{desc: "an import in the manifest that is not there", more: map[string]string{manifest: "import: example.org/demo/gone\n"}, want: "example.org/demo/gone"},
		{desc: "a manifest that is no YAML", more: map[string]string{manifest: "import: [\n"}, want: ".traefik.yml: yaml"},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			files := map[string]string{"go.mod": goMod, code: "package demo\n"}
			maps.Copy(files, test.more)

			_, err := check(plugin(t, files), nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got: %v, want: an error with %q", err, test.want)
			}
		})
	}
}

func TestIgnoreComments(t *testing.T) {
	const head = "package demo\n\nfunc Wait(c chan int) {\n"

	tests := []struct {
		desc string
		body string
		want []string
	}{
		{desc: "at the line", body: "\tselect {} //yaegivet:ignore selectstmt nobody else runs it\n"},
		{desc: "on the line above", body: "\t//yaegivet:ignore selectstmt nobody else runs it\n\tselect {}\n"},
		{
			desc: "without a reason", body: "\tselect {} //yaegivet:ignore selectstmt\n",
			want: []string{"demo.go:4:2: select statement", "demo.go:4:12: //yaegivet:ignore selectstmt: the reason is missing"},
		},
		{
			desc: "without a rule", body: "\tselect {} //yaegivet:ignore\n",
			want: []string{"demo.go:4:2: select statement", "demo.go:4:12: //yaegivet:ignore: the rule and the reason are missing"},
		},
		{
			desc: "of an unknown rule", body: "\tselect {} //yaegivet:ignore selct a typing error\n",
			want: []string{"demo.go:4:2: select statement", "demo.go:4:12: //yaegivet:ignore selct: there is no such rule"},
		},
		{
			desc: "not needed", body: "\tc <- 1 //yaegivet:ignore selectstmt it was a select once\n",
			want: []string{"demo.go:4:9: //yaegivet:ignore selectstmt: there is nothing to ignore"},
		},
		{
			desc: "of another rule", body: "\tselect {} //yaegivet:ignore tuple a mistake\n",
			want: []string{"demo.go:4:2: select statement", "demo.go:4:12: //yaegivet:ignore tuple: there is nothing to ignore"},
		},
		{
			desc: "of another line", body: "\tselect {} //yaegivet:ignore selectstmt the first only\n\tselect {}\n",
			want: []string{"demo.go:5:2: select statement"},
		},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			dir := plugin(t, map[string]string{".traefik.yml": "", "go.mod": goMod, "demo.go": head + test.body + "}\n"})
			wantLines(t, texts(t, dir), test.want...)
		})
	}
}

func TestVendoredExceptions(t *testing.T) {
	list := []vendoredException{{
		pkg: "example.org/lib", version: "v1.2.3", rule: "selectstmt", reason: "proven", functions: []string{"Wait", "Gone"},
	}}

	load := func(version string) []*packages.Package {
		return []*packages.Package{{PkgPath: "example.org/lib", Module: &packages.Module{Version: version}}}
	}

	if got := len(vendoredFor(load("v1.2.4"), list)); got != 0 {
		t.Errorf("another version: got: %v, want: no exception", got)
	}

	places := vendoredFor(load("v1.2.3"), list)

	tests := []struct {
		desc           string
		function, rule string
		want           bool
	}{
		{desc: "the listed place", function: "Wait", rule: "selectstmt", want: true},
		{desc: "another function", function: "Other", rule: "selectstmt"},
		{desc: "another rule", function: "Wait", rule: "tuple"},
	}

	for _, test := range tests {
		f := &finding{pkg: &packages.Package{PkgPath: "example.org/lib"}, function: test.function, rule: test.rule}
		if got := excepted(places, f); got != test.want {
			t.Errorf("%s: got: %v, want: %v", test.desc, got, test.want)
		}
	}

	for _, place := range places {
		if place.used != (place.function == "Wait") {
			t.Errorf("%s: got: used %v, want: Wait alone", place.function, place.used)
		}
	}
}

func TestAnExceptionThatMatchesNothingIsAFinding(t *testing.T) {
	loaded := []*packages.Package{{PkgPath: vendored[0].pkg, Module: &packages.Module{Version: vendored[0].version}}}

	left, used := except(loaded, nil)
	if used != 0 || len(left) == 0 || !strings.Contains(left[0].message, "matches nothing any more") {
		t.Errorf("got: %d used, %v, want: a finding for each", used, left)
	}
}

func TestEachVendoredExceptionHasAReason(t *testing.T) {
	for _, v := range vendored {
		if len(strings.Fields(v.reason)) < 4 || len(v.functions) == 0 {
			t.Errorf("%s %s: got: %q, want: a reason and functions", v.pkg, v.rule, v.reason)
		}
	}
}

// TestThePlugin is the checker's own work: what lies in this repository passes.
func TestThePlugin(t *testing.T) {
	r, err := check(".", nil)
	if err != nil {
		t.Fatal(err)
	}

	for _, f := range r.findings {
		t.Error(f.text(r.root))
	}

	if r.packages < 4 || !regexp.MustCompile(`/signupwebhook$`).MatchString(r.module) {
		t.Errorf("got: %d packages of %s, want: the plugin and what it imports", r.packages, r.module)
	}
}
