package receiver

// Rocket.Chat's incoming webhooks, whose URLs are those of any server.

import "strings"

// rocketChatEscapes disarm its Markdown: a backslash before the few characters
// that its parser lets escape, and a zero-width space behind all others, but
// before `>`: behind it, it would stand in a quote.
// https://github.com/RocketChat/Rocket.Chat/blob/develop/packages/message-parser/src/grammar.pegjs
var rocketChatEscapes = strings.NewReplacer(
	"://", ":\u200b //", // no stranger posts a link to click
	"*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", ".", `\.`, "#", "\\#\u200b",
	`\`, "\\\u200b", "@", "@\u200b", ":", ":\u200b", "<", "<\u200b", ">", "\u200b>", "|", "|\u200b",
	"[", "[\u200b", "]", "]\u200b", "(", "(\u200b", ")", ")\u200b", "-", "-\u200b", "+", "+\u200b",
	"!", "!\u200b", "$", "$\u200b", ";", ";\u200b", "=", "=\u200b",
)

func escapeRocketChat(field string) string { return rocketChatEscapes.Replace(field) }

// encodeRocketChat switches link previews off:
// https://github.com/RocketChat/Rocket.Chat/blob/develop/apps/meteor/app/lib/server/functions/processWebhookMessage.ts
func encodeRocketChat(c *content) []byte {
	return toJSON(map[string]interface{}{"text": c.text, "parseUrls": false})
}
