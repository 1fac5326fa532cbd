package message

import (
	"strings"
	"testing"
)

func TestShortenAtABoundary(t *testing.T) {
	tests := []struct {
		desc string
		text string
		want string
	}{
		{desc: "no letter without its accent", text: strings.Repeat("u", 199) + "e\u0301\u0302", want: strings.Repeat("u", 199) + "…"},
		{desc: "no emoji cut in itself", text: strings.Repeat("u", 197) + "👩\u200D❤\uFE0F\u200D👩", want: strings.Repeat("u", 197) + "…"},
		{desc: "no emoji without its colour", text: strings.Repeat("u", 199) + "👍🏿", want: strings.Repeat("u", 199) + "…"},
		{desc: "no flag cut in half", text: strings.Repeat("u", 199) + "🇩🇪🇫🇷", want: strings.Repeat("u", 199) + "…"},
		{desc: "flags count from the first of a run", text: "u" + strings.Repeat("🇩🇪", 150), want: "u" + strings.Repeat("🇩🇪", 99) + "…"},
		{desc: "no flag without its tags", text: strings.Repeat("u", 197) + "🏴\U000E0067\U000E0062\U000E007F", want: strings.Repeat("u", 197) + "…"},
		{desc: "no syllable without its vowel", text: strings.Repeat("u", 199) + "\u1112\u1161\u11ab", want: strings.Repeat("u", 199) + "…"},
		{desc: "no syllable without its final", text: strings.Repeat("u", 199) + "하\u11ab", want: strings.Repeat("u", 199) + "…"},
		{desc: "whole syllables are as many", text: strings.Repeat("한", 250), want: strings.Repeat("한", 200) + "…"},
		{desc: "no digit without its key", text: strings.Repeat("u", 199) + "1\uFE0F\u20E3", want: strings.Repeat("u", 199) + "…"},
		{desc: "a heap of accents is cut", text: strings.Repeat("\u0301", 300), want: strings.Repeat("\u0301", 200) + "…"},
	}
	for _, test := range tests {
		got := shorten(test.text, 200)
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}
