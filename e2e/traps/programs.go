package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The programs lie in a GOPATH, because that is how Yaegi finds packages; its
// one folder is a module, for the compiler.
const (
	gopath = "testdata"
	module = "traps"
)

// programs are the import paths of all programs under testdata: those of the
// packages named wrong or right.
func programs() ([]string, error) {
	var list []string

	root := filepath.Join(gopath, "src")

	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}

		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}

		switch path.Base(filepath.ToSlash(rel)) {
		case "wrong", "right", "fine":
			list = append(list, filepath.ToSlash(rel))
			return fs.SkipDir
		}

		return nil
	})

	slices.Sort(list)

	return list, err
}

// copyPrograms copies testdata, so that a main package can be added for each
// program.
func copyPrograms(to string) error {
	return os.CopyFS(to, os.DirFS(gopath))
}

// writeCompiled writes the one main package that runs whichever program its
// argument names, and returns the folder to build it in.
func writeCompiled(root string, paths []string) (string, error) {
	var imports, cases strings.Builder

	for i, p := range paths {
		fmt.Fprintf(&imports, "\tp%d %q\n", i, p)
		fmt.Fprintf(&cases, "\tcase %q:\n\t\trun = p%d.Run\n", p, i)
	}

	text := fmt.Sprintf(`package main

import (
	"fmt"
	"os"

%s)

func main() {
	var run func() string
	switch os.Args[1] {
%s	}
	fmt.Println(%q)
	fmt.Printf("%s%%q\n", run())
}
`, imports.String(), cases.String(), loadedLine, resultLine)

	dir := filepath.Join(root, "src", module, "compiled")

	return dir, writeMain(dir, text)
}

// writeInterpreted writes a main package that runs one program.
func writeInterpreted(root, program string) (string, error) {
	return writeRunner(root, "run", fmt.Sprintf(`package main

import (
	"fmt"

	program %q
)

func main() {
	fmt.Println(%q)
	fmt.Printf("%s%%q\n", program.Run())
}
`, program, loadedLine, resultLine), program)
}

// writeConcurrent writes a main package that runs one program alone and then in
// eight goroutines, which must give the same.
func writeConcurrent(root, program string) (string, error) {
	return writeRunner(root, "runmany", fmt.Sprintf(`package main

import (
	"fmt"

	program %q
)

const many = 8

func main() {
	fmt.Println(%q)
	alone := program.Run()
	results := make(chan string, many)
	for i := 0; i < many; i++ {
		start(results)
	}
	for i := 0; i < many; i++ {
		result := <-results
		if result != alone {
			alone = fmt.Sprint("alone ", alone, ", among others ", result)
		}
	}
	fmt.Printf("%s%%q\n", alone)
}

func start(results chan string) {
	go func() {
		for i := 0; i < 20; i++ {
			program.Run()
		}
		results <- program.Run()
	}()
}
`, program, loadedLine, resultLine), program)
}

func writeRunner(root, kind, text, program string) (string, error) {
	dir := filepath.Join(root, "src", kind, filepath.FromSlash(program))

	return filepath.Join(dir, "main.go"), writeMain(dir, text)
}

func writeMain(dir, text string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}

	return os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o600)
}
