package message

// Templates of a message or a body: text with placeholders.

import (
	"regexp"
	"strings"
)

// placeholder is `{letters}`; any other brace is literal, because JSON bodies
// are full of them.
var placeholder = regexp.MustCompile(`\{([A-Za-z]+)\}`)

// opening is what makes markup of the field behind it in several chats: a
// mention, a link or a command. A colon in it is the administrator's own link.
var opening = regexp.MustCompile(`(<[^\s<>:]*|@)$`)

// part is a piece of a template: literal text, or the field that stands there
// with the opening directly before it.
type part struct {
	literal string
	opening string
	field   string
}

// Template is a text with placeholders, taken apart once.
type Template struct {
	parts []part
}

// Parse takes a text apart. The second result lists, without double, the
// placeholders that are none of fields.
func Parse(text string, fields []string) (*Template, []string) {
	parts := []part{}
	unknown := []string{}
	end := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		field := text[at[2]:at[3]]
		if !Contains(fields, field) {
			if !Contains(unknown, field) {
				unknown = append(unknown, field)
			}
			continue
		}
		literal := text[end:at[0]]
		before := opening.FindString(literal)
		parts = append(parts, part{literal: literal[:len(literal)-len(before)]})
		parts = append(parts, part{opening: before, field: field})
		end = at[1]
	}
	parts = append(parts, part{literal: text[end:]})
	return &Template{parts: parts}, unknown
}

// Render puts the fields in, in one pass: what a value holds is never read as
// a placeholder. escape makes a value harmless where it goes; literal text is
// the administrator's and stays as it is, but for an opening: `<{email}>` is an
// address in brackets, and with `!channel|a@b.de` in it would be a command.
func Render(t *Template, values map[string]string, escape func(string) string) string {
	var text strings.Builder
	for _, p := range t.parts {
		text.WriteString(p.literal)
		if p.field != "" {
			value := values[p.field]
			text.WriteString(escape(p.opening + value))
		}
	}
	return text.String()
}

// Uses lists the fields that stand in the template, each once.
func Uses(t *Template) []string {
	fields := []string{}
	for _, p := range t.parts {
		if p.field != "" && !Contains(fields, p.field) {
			fields = append(fields, p.field)
		}
	}
	return fields
}

// Contains tells whether a word is in a list. The standard library's is generic,
// and the interpreter has no generic functions of compiled packages.
func Contains(list []string, word string) bool {
	for _, have := range list {
		if have == word {
			return true
		}
	}
	return false
}
