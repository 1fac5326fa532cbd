// Package secretfile writes the files that hold secrets as Docker and Kubernetes
// do: a new text takes the old one's place at once.
package secretfile

import (
	"os"
	"testing"
)

// Write writes a file or replaces it.
func Write(t testing.TB, file, text string) {
	t.Helper()

	draft := file + ".new"
	if err := os.WriteFile(draft, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := os.Rename(draft, file); err != nil {
		t.Fatal(err)
	}
}
