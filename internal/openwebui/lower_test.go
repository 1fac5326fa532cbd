package openwebui

import (
	"strings"
	"testing"
)

// The wanted are what Python says.
func TestLower(t *testing.T) {
	tests := []struct{ text, want string }{
		{text: "Plain@Example.ORG", want: "plain@example.org"},
		{text: "ΝΙΚΟΣ@example.gr", want: "νικος@example.gr"},
		{text: "İpek@example.org", want: "i̇pek@example.org"},
		{text: "ΣΑΣ@x.gr", want: "σας@x.gr"},
		{text: "Σ@x.gr", want: "σ@x.gr"},
		{text: "ΑΣ.Α@x.gr", want: "ασ.α@x.gr"},
		{text: "ΑΣ.@x.gr", want: "ας.@x.gr"},
		{text: "ΑΣ'@ΣΣ", want: "ας'@σς"},
		{text: "1Σ@x", want: "1σ@x"},
		{text: "ΆΣ́@x", want: "άς́@x"},
		{text: "ΑΣ1@x", want: "ας1@x"},
		{text: "ΑΣΣ", want: "ασς"},
		{text: "ẞß@x", want: "ßß@x"},
		{text: "DŽ@x", want: "dž@x"},
		{text: "ΑΣ-Α@x", want: "ας-α@x"},
		{text: "ΑΣ_Α@x", want: "ας_α@x"},
	}
	for _, test := range tests {
		got := lower(test.text)
		if got != test.want {
			t.Errorf("%s: got: %s (%+q), want: %s (%+q)", test.text, got, got, test.want, test.want)
		}
	}
	long := strings.Repeat("Σ", maxAddress)
	if lower(long) != strings.Repeat("σ", maxAddress) {
		t.Error("got: something else, want: what is too long for an address as Go writes it")
	}
}
