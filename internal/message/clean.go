// Package message turns what strangers typed into text that is safe to show,
// and an administrator's template into the text of a notice. It knows no
// receiver: what a chat's markup needs is in package receiver.
package message

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxField is how many characters of a field are shown; more end in "…".
const maxField = 200

// Unknown stands where there is nothing to see.
const Unknown = "(unbekannt)"

// maxLook is how many bytes of a field are looked at, so that a name of
// megabytes costs no more than one of some thousand characters.
const maxLook = 64 << 10

// blank is what separates words: white space, control characters, and those
// that turn the reading direction around (Unicode Standard Annex 9), with
// which a name could show itself as another one; also the letters that are
// drawn as nothing: Hangul's fillers and Braille's empty cell.
var blank = regexp.MustCompile(`[\s\p{Z}\p{Cc}\x{115F}\x{1160}\x{3164}\x{FFA0}\x{2800}\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]+`)

// visible is any character that puts ink on the screen by itself. Marks that
// take no room of their own do not, and many of them draw nothing at all.
var visible = regexp.MustCompile(`[\p{L}\p{Mc}\p{Me}\p{N}\p{P}\p{S}]`)

// plain is what there is nothing to clean of: nearly every id, role and e-mail,
// and most names.
var plain = regexp.MustCompile(`^[!-~]+( [!-~]+)*$`)

// Clean makes a field of a stranger's text: valid UTF-8 in one line, without
// control or direction characters, at most maxField characters and the mark
// of the cut. A text with nothing to see in it becomes empty.
func Clean(text string) string {
	if len(text) <= maxField && plain.MatchString(text) {
		return text
	}
	return clean(text)
}

func clean(text string) string {
	if len(text) > maxLook {
		text = start(text, maxLook)
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = blank.ReplaceAllString(text, " ")
	text = strings.TrimSpace(text)
	if Blank(text) {
		return ""
	}
	if len(text) <= maxField {
		return text
	}
	return shorten(text, maxField)
}

// Blank tells whether there is nothing to see in a text.
func Blank(text string) bool { return !visible.MatchString(text) }

// start is the beginning of a text of more than max bytes: so many, without a
// character cut in half.
func start(text string, max int) string {
	for i := 1; i < utf8.UTFMax && !utf8.RuneStart(text[max]); i++ {
		max--
	}
	return text[:max]
}

// shorten leaves a text to its first max characters, or a few less where these
// would be cut in themselves, and "…".
func shorten(text string, max int) string {
	if utf8.RuneCountInString(text) <= max {
		return text
	}
	runes := []rune(text)
	cut := Boundary(runes, max)
	return strings.TrimSpace(string(runes[:cut])) + "…"
}
