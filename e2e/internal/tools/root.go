package tools

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Module is the plugin's module path.
const Module = "github.com/traefik-openwebui/signupwebhook"

// Root is the repository's top folder, found upwards from the working
// directory by the plugin's go.mod.
func Root() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}

	for dir := start; ; dir = filepath.Dir(dir) {
		module, err := ModuleOf(dir)
		if err == nil && module == Module {
			return dir, nil
		}

		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s is not inside a copy of the repository of %s", start, Module)
		}
	}
}

// ModuleOf reads the module path from the go.mod in dir.
func ModuleOf(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}

	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.Fields(line)
		if len(fields) >= 2 && fields[0] == "module" {
			return strings.Trim(fields[1], `"`), nil
		}
	}

	return "", errors.New("go.mod in " + dir + " names no module")
}
