package receiver

// Google Chat's incoming webhooks.

import (
	"net/url"
	"strings"
)

// googleChatEscapes part markup from the words that it would mark, on both
// sides, and mentions and links from their brackets. Google Chat knows no
// escape, so a zero-width space has to do it; and it links bare domains. A
// grave accent becomes its look-alike U+02CB, since code may begin with
// anything.
// https://developers.google.com/workspace/chat/format-messages
var googleChatEscapes = strings.NewReplacer(
	"://", ": //", // no stranger posts a link to click
	"<", "<\u200b",
	"*", "\u200b*\u200b", "_", "\u200b_\u200b", "~", "\u200b~\u200b", "`", "ˋ",
	"-", "-\u200b", ">", ">\u200b", "#", "#\u200b", "[", "[\u200b", "](", "]\u200b(",
	"@", "@\u200b", ".", ".\u200b",
)

func isGoogleChat(host string, _ *url.URL) bool {
	return host == "chat.googleapis.com"
}

func escapeGoogleChat(field string) string { return googleChatEscapes.Replace(field) }
