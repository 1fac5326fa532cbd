// Package statedir looks into the folder that a middleware's option stateDir
// names.
package statedir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// Of is a middleware's part of the folder. The name is Traefik's, such as
// notify@file.
func Of(stateDir, middleware string) string {
	return filepath.Join(stateDir, outbox.Subfolder(middleware))
}

// Files are the names of what is in new/, tmp/ or failed/ of a middleware's
// part, and none where there is no such folder.
func Files(t testing.TB, stateDir, middleware, box string) []string {
	t.Helper()

	entries, err := os.ReadDir(filepath.Join(Of(stateDir, middleware), box))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}

	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}

	return names
}

// Drain waits until no notice of a middleware waits there.
func Drain(t testing.TB, limit time.Duration, stateDir, middleware string) {
	t.Helper()

	wait.Until(t, limit, func() error {
		if left := Files(t, stateDir, middleware, "new"); len(left) > 0 {
			return fmt.Errorf("%d notices of %s wait", len(left), middleware)
		}

		return nil
	})
}
