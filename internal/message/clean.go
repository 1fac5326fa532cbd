// Package message turns what strangers typed into text that is safe to show,
// and an administrator's template into the text of a notice. It knows no
// receiver: what a chat's markup needs is in package receiver.
package message

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxField is how many characters of a field are shown; more end in "…".
const MaxField = 200

// maxLook is how many bytes of a field are looked at, so that a name of
// megabytes costs no more than one of some thousand characters.
const maxLook = 64 << 10

// joiner makes one emoji of two.
const joiner = '\u200D'

// blank is what separates words: white space, control characters, and those
// that turn the reading direction around (Unicode Standard Annex 9), with
// which a name could show itself as another one; also the letters that are
// drawn as nothing: Hangul's fillers and Braille's empty cell.
var blank = regexp.MustCompile(`[\s\p{Z}\p{Cc}\x{115F}\x{1160}\x{3164}\x{FFA0}\x{2800}\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]+`)

// visible is any character that puts ink on the screen.
var visible = regexp.MustCompile(`[\p{L}\p{M}\p{N}\p{P}\p{S}]`)

// Clean makes a field of a stranger's text: valid UTF-8 in one line, without
// control or direction characters, at most MaxField characters and the mark
// of the cut. A text with nothing to see in it becomes empty.
func Clean(text string) string {
	text = start(text, maxLook)
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = blank.ReplaceAllString(text, " ")
	text = strings.TrimSpace(text)
	if !visible.MatchString(text) {
		return ""
	}
	return Cut(text, MaxField)
}

// start is the beginning of a text, at most max bytes of it, without a
// character cut in half.
func start(text string, max int) string {
	if len(text) <= max {
		return text
	}
	for i := 1; i < utf8.UTFMax && !utf8.RuneStart(text[max]); i++ {
		max--
	}
	return text[:max]
}

// Cut shortens a text to its first max characters, or a few less where these
// would be cut in themselves, and "…".
func Cut(text string, max int) string {
	if utf8.RuneCountInString(text) <= max {
		return text
	}
	runes := []rune(text)
	cut := Boundary(runes, max)
	return strings.TrimSpace(string(runes[:cut])) + "…"
}

// maxCluster is how many characters at most are taken for one; a longer heap
// of accents is cut in itself.
const maxCluster = 16

// Boundary is the last place up to cut that is not inside what people see as
// one character: a letter with its accents, an emoji made of several.
func Boundary(runes []rune, cut int) int {
	at := cut
	for at > 0 && cut-at < maxCluster && joins(runes, at) {
		at--
	}
	if at == 0 || cut-at == maxCluster {
		return cut
	}
	return at
}

// joins tells whether the characters before and behind a place are one.
func joins(runes []rune, at int) bool {
	if at >= len(runes) {
		return false
	}
	next := runes[at]
	if runes[at-1] == joiner || next == joiner || unicode.Is(unicode.M, next) {
		return true
	}
	return next >= 0x1F3FB && next <= 0x1F3FF // the colours of a skin
}
