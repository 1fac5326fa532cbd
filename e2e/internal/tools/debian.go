package tools

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Debian is the path of a program. Where it is not there and this is Debian and
// the user is root, as in a container of CI, the packages are installed; no
// other user's system is changed.
func Debian(ctx context.Context, program string, packages ...string) (string, error) {
	if path, err := find(program); err == nil {
		return path, nil
	}

	root, err := Root()
	if err != nil {
		return "", err
	}

	advice := fmt.Errorf("%w: %s; install it (Debian: apt-get install %s)", ErrMissing, program, strings.Join(packages, " "))

	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return "", advice
	}

	if err := os.MkdirAll(filepath.Join(root, ".tools"), 0o755); err != nil {
		return "", err
	}

	// Two of apt-get at a time get into each other's way.
	lock := flock.New(filepath.Join(root, ".tools", "apt-get.lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", err
	}
	defer func() { _ = lock.Unlock() }()

	for _, args := range [][]string{
		{"update", "--quiet"},
		append([]string{"install", "--quiet", "--yes", "--no-install-recommends"}, packages...),
	} {
		if path, err := find(program); err == nil {
			return path, nil
		}

		if _, err := run(ctx, "", []string{"DEBIAN_FRONTEND=noninteractive"}, "apt-get", args...); err != nil {
			return "", fmt.Errorf("%w: %w", advice, err)
		}
	}

	path, err := find(program)
	if err != nil {
		return "", advice
	}

	return path, nil
}

// find looks where servers are, too, which not every PATH names.
func find(program string) (string, error) {
	for _, dir := range []string{"", "/usr/sbin", "/usr/lib/rabbitmq/bin"} {
		path, err := exec.LookPath(filepath.Join(dir, program))
		if err == nil {
			return path, nil
		}
	}

	return "", exec.ErrNotFound
}
