package openwebui

// The server's way to write an address in lower case.

import (
	"regexp"
	"strings"
)

// maxAddress is how long an address may be to be looked at letter by letter;
// none that works is longer (RFC 3696, section 3, errata).
const maxAddress = 320

// Unicode's rule Final_Sigma (SpecialCasing.txt): a letter stands before it, and
// none behind it, whatever marks and points are between.
var (
	letterBefore = regexp.MustCompile(`[\p{Lu}\p{Ll}\p{Lt}][\p{M}\p{Cf}\p{Lm}\p{Sk}'.:·’‘․﹒﹕．：＇]*$`)
	letterBehind = regexp.MustCompile(`^[\p{M}\p{Cf}\p{Lm}\p{Sk}'.:·’‘․﹒﹕．：＇]*[\p{Lu}\p{Ll}\p{Lt}]`)
)

// lower is Python's str.lower, in which the server stores addresses. Go's own
// knows two letters otherwise: İ, whose small form is two characters, and Σ,
// which has another one at the end of a word.
func lower(text string) string {
	if len(text) > maxAddress {
		return strings.ToLower(text)
	}
	text = strings.ReplaceAll(text, "İ", "i\u0307")
	parts := strings.Split(text, "Σ")
	whole := parts[0]
	for i := range parts[1:] {
		behind := strings.Join(parts[i+1:], "Σ")
		whole += sigma(whole, behind) + parts[i+1]
	}
	return strings.ToLower(whole)
}

func sigma(before, behind string) string {
	if letterBefore.MatchString(before) && !letterBehind.MatchString(behind) {
		return "ς"
	}
	return "σ"
}
