// Package yamltree reads configurations as trees of maps, for tests that change
// a place in what people are shown, and writes them.
package yamltree

import (
	"testing"

	"gopkg.in/yaml.v3"
)

// Parse reads a document that is a map.
func Parse(t testing.TB, text string) map[string]any {
	t.Helper()

	tree := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}

	return tree
}

// Text is a tree as a document.
func Text(t testing.TB, tree any) string {
	t.Helper()

	text, err := yaml.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}
