package main

import (
	"errors"
	"fmt"
	"go/build"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
	"gopkg.in/yaml.v3"
)

// manifest is the file that makes a folder a Traefik plugin.
const manifest = ".traefik.yml"

// pluginRoot is the plugin's folder: dir, or the nearest above it.
func pluginRoot(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}

	for at := start; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, manifest)); err == nil {
			return at, nil
		}

		if at == filepath.Dir(at) {
			return "", fmt.Errorf("neither %s nor a folder above it has a %s", start, manifest)
		}
	}
}

// imported is the package that Traefik loads: the one that the manifest names,
// which may lie in a folder of the module, or else the one in the root folder.
func imported(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, manifest))
	if err != nil {
		return "", err
	}

	var m struct {
		Import string `yaml:"import"`
	}

	if err := yaml.Unmarshal(text, &m); err != nil {
		return "", fmt.Errorf("%s: %w", manifest, err)
	}

	if m.Import == "" {
		return ".", nil
	}

	return m.Import, nil
}

// load reads the packages that Traefik interprets for the plugin in root, with
// types and syntax, and says which of them the patterns mean. All are read,
// because some rules need to know what an imported package does.
func load(root string, patterns []string) ([]*packages.Package, map[string]bool, error) {
	config := &packages.Config{
		Mode: packages.NeedName | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
		Dir:  root,
		Env:  environment(root),
	}

	start, err := imported(root)
	if err != nil {
		return nil, nil, err
	}

	plugin, err := packages.Load(config, start)
	if err != nil {
		return nil, nil, err
	}

	paths, err := closure(plugin)
	if err != nil {
		return nil, nil, err
	}

	wanted, err := matching(config, paths, patterns)
	if err != nil {
		return nil, nil, err
	}

	// The packages are roots of one load, so that each is checked from its
	// source once; the standard library comes from its export data.
	config.Mode = packages.LoadSyntax | packages.NeedModule

	loaded, err := packages.Load(config, paths...)
	if err != nil {
		return nil, nil, err
	}

	return loaded, wanted, loadErrors(loaded)
}

// matching are those of the paths that the patterns mean.
func matching(config *packages.Config, paths, patterns []string) (map[string]bool, error) {
	all := len(patterns) == 0 || slices.Contains(patterns, "./...")
	named := map[string]bool{}

	if !all {
		list, err := packages.Load(config, patterns...)
		if err != nil {
			return nil, err
		}

		for _, pkg := range list {
			named[pkg.PkgPath] = true
		}
	}

	wanted := map[string]bool{}

	for _, path := range paths {
		if all || named[path] {
			wanted[path] = true
		}
	}

	if len(wanted) == 0 {
		return nil, fmt.Errorf("the plugin in %s loads no package that matches %s", config.Dir, strings.Join(patterns, " "))
	}

	return wanted, nil
}

// environment makes the go command see what Traefik sees: the vendor folder.
func environment(root string) []string {
	env := append(os.Environ(), "GOWORK=off")

	if _, err := os.Stat(filepath.Join(root, "vendor", "modules.txt")); err == nil {
		env = append(env, "GOFLAGS=-mod=vendor")
	}

	return env
}

// closure is the paths of the plugin's package and of what it imports, but for
// the standard library, which is compiled into Traefik.
func closure(plugin []*packages.Package) ([]string, error) {
	var paths []string

	packages.Visit(plugin, func(pkg *packages.Package) bool {
		if pkg.Module == nil && len(pkg.Errors) == 0 {
			return false
		}

		paths = append(paths, pkg.PkgPath)

		return true
	}, nil)

	slices.Sort(paths)

	return paths, loadErrors(plugin)
}

func loadErrors(loaded []*packages.Package) error {
	var errs []error

	packages.Visit(loaded, nil, func(pkg *packages.Package) {
		for _, e := range pkg.Errors {
			errs = append(errs, fmt.Errorf("package %s does not compile: %w", pkg.PkgPath, e))
		}
	})

	return errors.Join(errs...)
}

// systems are those that Traefik is built for, as far as files may differ.
var systems = []struct{ os, arch string }{
	{"linux", "amd64"}, {"linux", "arm64"}, {"linux", "arm"}, {"linux", "386"}, {"linux", "ppc64le"},
	{"linux", "s390x"}, {"linux", "riscv64"}, {"darwin", "arm64"}, {"darwin", "amd64"}, {"windows", "amd64"},
	{"windows", "arm64"}, {"freebsd", "amd64"}, {"openbsd", "amd64"},
}

// unread finds the files that Traefik interprets on other systems than this
// one, and that no rule has seen.
func unread(loaded []*packages.Package) []*finding {
	var found []*finding

	for _, pkg := range loaded {
		for _, file := range pkg.IgnoredFiles {
			if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
				continue
			}

			if where := readOn(file); where != "" {
				found = append(found, &finding{
					position: token.Position{Filename: file, Line: 1, Column: 1},
					message:  "only Traefik on " + where + " reads this file, so it is not checked; write one file for all systems",
					pkg:      pkg,
				})
			}
		}
	}

	return found
}

// readOn is a system for which a file is built, or "".
func readOn(file string) string {
	for _, system := range systems {
		context := build.Default
		context.GOOS, context.GOARCH = system.os, system.arch

		if match, err := context.MatchFile(filepath.Dir(file), filepath.Base(file)); err == nil && match {
			return system.os + "/" + system.arch
		}
	}

	return ""
}
