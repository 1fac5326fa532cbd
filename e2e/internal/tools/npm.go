package tools

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

const nodeAdvice = "install Node.js 20 or newer (Debian: apt-get install "

// Node is the path of Node.js.
func Node() (string, error) {
	path, err := exec.LookPath("node")
	if err != nil {
		return "", Missing("no node on PATH; " + nodeAdvice + "nodejs)")
	}

	return path, nil
}

// NPM is the folder node_modules of .tools/name, into which packages, each of
// the form name@version, are installed where they are not there yet. Scripts of
// theirs are not run.
func NPM(ctx context.Context, name string, packages ...string) (string, error) {
	dir, err := install(ctx, name, func(dir string) error {
		if _, err := exec.LookPath("npm"); err != nil {
			return Missing("no npm on PATH; " + nodeAdvice + "npm)")
		}

		args := append([]string{"install", "--prefix", dir, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"}, packages...)

		if _, err := run(ctx, dir, nil, "npm", args...); err != nil {
			return fmt.Errorf("%w: %w", ErrMissing, err)
		}

		return nil
	})
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}

	return filepath.Join(dir, "node_modules"), nil
}
