package message

// Where a text may be cut: not inside what people see as one character.

import "unicode"

// joiner makes one emoji of two.
const joiner = '\u200D'

// maxCluster is how many characters at most are taken for one; a longer heap
// of accents is cut in itself.
const maxCluster = 16

// Boundary is the last place up to cut that is not inside what people see as
// one character: a letter with its accents, an emoji made of several, a flag,
// a Korean syllable. It is the part of Unicode's Standard Annex 29 that names
// and emoji need: https://www.unicode.org/reports/tr29/
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
	before := runes[at-1]
	next := runes[at]
	if before == joiner || next == joiner || extends(next) {
		return true
	}
	if isFlagLetter(before) && isFlagLetter(next) {
		return flagLetters(runes, at)%2 == 1
	}
	return isSyllable(jamoOf(before), jamoOf(next))
}

// extends tells whether a character belongs to the one before it: accents and
// variation selectors, the colours of a skin, and the tags that make a flag
// another one.
func extends(r rune) bool {
	if unicode.Is(unicode.M, r) {
		return true
	}
	return r >= 0x1F3FB && r <= 0x1F3FF || r >= 0xE0020 && r <= 0xE007F
}

// isFlagLetter tells whether a character is one of those of which two are a
// flag.
func isFlagLetter(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// flagLetters counts those that stand right before a place. They pair from the
// first of them on.
func flagLetters(runes []rune, at int) int {
	first := at
	for first > 0 && isFlagLetter(runes[first-1]) {
		first--
	}
	return at - first
}

// jamo is a kind of letter of a Korean syllable.
type jamo struct {
	first, last rune
	kind        byte // 'L' begins a syllable, 'V' is its vowel, 'T' ends it
}

var jamos = []jamo{
	{first: 0x1100, last: 0x115F, kind: 'L'},
	{first: 0xA960, last: 0xA97C, kind: 'L'},
	{first: 0x1160, last: 0x11A7, kind: 'V'},
	{first: 0xD7B0, last: 0xD7C6, kind: 'V'},
	{first: 0x11A8, last: 0x11FF, kind: 'T'},
	{first: 0xD7CB, last: 0xD7FB, kind: 'T'},
}

// jamoOf is the kind of a letter: 'v' for a syllable that ends in its vowel,
// 't' for one that has an end, and 0 for all else.
func jamoOf(r rune) byte {
	if r < 0x1100 || r > 0xD7FB {
		return 0
	}
	for _, j := range jamos {
		if r >= j.first && r <= j.last {
			return j.kind
		}
	}
	if r < 0xAC00 || r > 0xD7A3 {
		return 0
	}
	if (r-0xAC00)%28 == 0 {
		return 'v'
	}
	return 't'
}

// isSyllable tells whether the second letter goes on with the syllable of the
// first.
func isSyllable(before, next byte) bool {
	switch before {
	case 'L':
		return next == 'L' || next == 'V' || next == 'v' || next == 't'
	case 'V', 'v':
		return next == 'V' || next == 'T'
	case 'T', 't':
		return next == 'T'
	}
	return false
}
