package markdown

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	got := Parse([]byte("before\n# Über `uns`, 2\na [b](c.md#d) `e` 7\nand 8\n\n" +
		"| h | `i` |\n|---|---|\n| | `j` k |\n\n- item\n\n  ```yaml\n  a:\n    b\n  ```\n\n      make x\n\n![p](p.png)\n## Again\n"))
	want := Page{
		{Prose: "\nbefore", Texts: []Text{{Words: "before"}}},
		{
			Level: 1, Heading: "Über uns, 2", Anchor: "über-uns-2",
			Prose:  "\na b \x00 7\nand 8\nh\n\x00\n\n\x00 k\nitem\np",
			Spans:  []string{"uns", "e", "i", "j"},
			Blocks: []Block{{Language: "yaml", Code: "a:\n  b\n"}, {Code: "make x\n"}},
			Links:  []string{"c.md#d", "p.png"},
			Tables: []Table{{{{Words: "h"}, {Words: "i", Spans: []string{"i"}}}, {{}, {Words: "j k", Spans: []string{"j"}}}}},
			Texts:  []Text{{Words: "a b e 7and 8", Spans: []string{"e"}}, {Words: "item"}, {Words: "p"}},
		},
		{Level: 2, Heading: "Again", Anchor: "again"},
	}

	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got: another page than wanted (-want +got):\n%s", diff)
	}
}
