package receiver

// The limits of receivers, each in a unit of its own.

import (
	"strings"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// mostCost is more than any character counts in any unit.
const mostCost = 6

// fit cuts a text to a limit, so that the mark of the cut fits too, between
// two characters as people see them, and never inside an escape.
func fit(text string, limit int, cost func(r rune) int) string {
	if limit == 0 || len(text)*mostCost <= limit {
		return text
	}
	return cutTo(text, limit, cost)
}

func cutTo(text string, limit int, cost func(r rune) int) string {
	runes := []rune(text)
	total := 0
	cut := 0 // what fits with the mark
	room := limit - cost('…')
	for i, r := range runes {
		total += cost(r)
		if total <= room {
			cut = i + 1
		}
	}
	if total <= limit {
		return text
	}
	cut = message.Boundary(runes, cut)
	return whole(string(runes[:cut])) + "…"
}

// whole takes away the beginning of an escape at the end of a text.
func whole(cut string) string {
	entity := strings.LastIndexByte(cut, '&')
	if entity >= 0 && len(cut)-entity < len("&amp;") && !strings.Contains(cut[entity:], ";") {
		cut = cut[:entity]
	}
	// Last, for Discord's escapes may stand before Slack's.
	bare := strings.TrimRight(cut, `\`)
	if (len(cut)-len(bare))%2 == 1 {
		cut = cut[:len(cut)-1]
	}
	return cut
}

// The units of limits.

func oneCharacter(_ rune) int { return 1 }

func bytesInUTF8(r rune) int { return utf8.RuneLen(r) }

func unitsInUTF16(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// bytesInJSON counts a character as toJSON writes it.
func bytesInJSON(r rune) int {
	if r < ' ' || r == '\u2028' || r == '\u2029' {
		return 6
	}
	if r == '"' || r == '\\' {
		return 2
	}
	return utf8.RuneLen(r)
}
