// Package environ reads from the environment how much a test is to do, for runs
// that are shorter or longer than the usual one.
package environ

import (
	"os"
	"strconv"
	"testing"
)

// Number is that of an environment variable, from 1 on, or the preset where it
// is not set.
func Number(t testing.TB, name string, preset int) int {
	t.Helper()

	text := os.Getenv(name)
	if text == "" {
		return preset
	}

	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		t.Fatalf("%s: got: %q, want: a number from 1 on", name, text)
	}

	return value
}
