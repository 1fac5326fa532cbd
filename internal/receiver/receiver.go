// Package receiver knows the services that notices go to: how each is
// recognised by its URL, what body it takes, and what its markup would make
// of a stranger's name. It sends nothing.
package receiver

import (
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// userAgent names the sender, as RFC 9110, section 10.1.5 asks.
const userAgent = "signupwebhook (+https://github.com/traefik-openwebui/signupwebhook)"

// discordAgent has the form that Discord asks of clients:
// https://discord.com/developers/docs/reference#user-agent
const discordAgent = "DiscordBot (https://github.com/traefik-openwebui/signupwebhook, 1)"

// Body is a request's body and what says how to read it.
type Body struct {
	Data        []byte
	ContentType string
	UserAgent   string
}

// row is one service.
type row struct {
	format     string                       // its word of the option format
	recognises func(host, path string) bool // whether a URL is one of its own
	escape     func(field string) string    // makes a stranger's text harmless
	limit      int                          // characters of a message; 0: none
	encode     func(text string) []byte
	mediaType  string
	userAgent  string
}

// plain is what a URL gets that no row recognises.
var plain = row{
	format:     "text",
	recognises: never,
	escape:     asIs,
	encode:     encodeText,
	mediaType:  "text/plain; charset=utf-8",
	userAgent:  userAgent,
}

// rows are asked in this order; the first that recognises a URL takes it.
var rows = []row{
	{
		format:     "slack",
		recognises: isSlack,
		escape:     escapeSlack,
		limit:      40000, // https://docs.slack.dev/reference/methods/chat.postMessage
		encode:     encodeSlack,
		mediaType:  "application/json",
		userAgent:  userAgent,
	},
	{
		format:     "discord",
		recognises: isDiscord,
		escape:     escapeDiscord,
		limit:      2000, // https://discord.com/developers/docs/resources/webhook#execute-webhook
		encode:     encodeDiscord,
		mediaType:  "application/json",
		userAgent:  discordAgent,
	},
}

// Formats lists the words of the option format.
func Formats() []string {
	words := []string{"auto", plain.format}
	for _, r := range rows {
		words = append(words, r.format)
	}
	return words
}

// Encode writes a notice the way its receiver takes it. format is one of
// Formats; auto goes by the URL.
func Encode(format string, target *url.URL, text *message.Template, fields map[string]string) Body {
	r := choose(format, target)
	rendered := text.Render(fields, r.escape)
	rendered = fit(rendered, r.limit)
	data := r.encode(rendered)
	return Body{Data: data, ContentType: r.mediaType, UserAgent: r.userAgent}
}

func choose(format string, target *url.URL) row {
	host := strings.ToLower(target.Hostname())
	for _, r := range rows {
		if r.format == format {
			return r
		}
		if format == "auto" && r.recognises(host, target.Path) {
			return r
		}
	}
	return plain
}

// fit cuts a text to a limit of characters, and never inside an escape.
func fit(text string, limit int) string {
	if limit == 0 || utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := []rune(text)
	cut := strings.TrimRight(string(runes[:limit-1]), `\`)
	entity := strings.LastIndexByte(cut, '&')
	if entity >= 0 && len(cut)-entity < len("&amp;") && !strings.Contains(cut[entity:], ";") {
		cut = cut[:entity]
	}
	return cut + "…"
}

func never(_, _ string) bool { return false }

func asIs(field string) string { return field }

func encodeText(text string) []byte { return []byte(text) }

// toJSON cannot fail: its values are maps, slices, strings, numbers and
// booleans. Bytes that are no UTF-8 become U+FFFD.
func toJSON(value map[string]interface{}) []byte {
	data, _ := json.Marshal(value)
	return data
}
