package message

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct {
		desc string
		text string
		want string
	}{
		{desc: "an ordinary name", text: "Tim", want: "Tim"},
		{desc: "umlauts, quotes and emoji", text: `Jürgen "Jü" O'Neill 🎉`, want: `Jürgen "Jü" O'Neill 🎉`},
		{desc: "runs of white space are one space", text: " Tim \t\r\n  Berg\u00A0\u2003 ", want: "Tim Berg"},
		{desc: "line separators", text: "Tim\u2028Berg\u2029", want: "Tim Berg"},
		{desc: "NUL, ESC and C1 controls", text: "T\x00i\x1b[31mm\u0085\u009f", want: "T i [31mm"},
		{desc: "bidi overrides, isolates and marks", text: "a\u202Eb\u202Cc\u2066d\u2069e\u200Ef\u200Fg\u061Ch", want: "a b c d e f g h"},
		{desc: "joiners inside emoji stay", text: "👩\u200D🚀", want: "👩\u200D🚀"},
		{desc: "placeholders stay", text: "{email}", want: "{email}"},
		{desc: "no UTF-8", text: "T\xffim", want: "T\uFFFDim"},
		{desc: "an encoded surrogate", text: "T\xed\xa0\x80im", want: "T\uFFFDim"},
		{desc: "empty", text: "", want: ""},
		{desc: "white space alone", text: " \t\n\u3000", want: ""},
		{desc: "letters that are drawn as nothing", text: "\u3164\u2800\u115F\u1160\uFFA0", want: ""},
		{desc: "invisible characters alone", text: "\u200B\uFEFF\u2060\u200D", want: ""},
		{desc: "marks that draw nothing", text: "\uFE0F\u034F\U000E0100", want: ""},
		{desc: "and others without a letter to stand on", text: "\u0301 \u0308", want: ""},
		{desc: "marks on letters", text: "Zoe\u0308", want: "Zoe\u0308"},
		{desc: "as long as a field may be", text: strings.Repeat("ü", 200), want: strings.Repeat("ü", 200)},
		{desc: "longer", text: strings.Repeat("ü", 201), want: strings.Repeat("ü", 200) + "…"},
		{desc: "no space before the cut", text: strings.Repeat("u", 199) + " uu", want: strings.Repeat("u", 199) + "…"},
		{desc: "megabytes", text: strings.Repeat("🎉", 1<<20), want: strings.Repeat("🎉", 200) + "…"},
	}
	for _, test := range tests {
		got := Clean(test.text)
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
		if Clean(got) != got && !strings.HasSuffix(got, "…") {
			t.Errorf("%s: cleaned twice: got: %q, want: %q", test.desc, Clean(got), got)
		}
	}
}

func TestCleanKeepsCharactersWhole(t *testing.T) {
	for cut := 0; cut < 4; cut++ {
		text := strings.Repeat("x", cut) + strings.Repeat("🎉", maxLook)
		got := Clean(text)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) != maxField+1 {
			t.Errorf("%d bytes before: got: %q, want: %d whole characters", cut, got, maxField+1)
		}
	}
}
