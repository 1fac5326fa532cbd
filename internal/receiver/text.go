package receiver

// What several receivers take: a plain text, or JSON with a text in it.

import "strings"

// links are all that services make of a text that have no markup.
var links = strings.NewReplacer("://", ": //") // no stranger posts a link to click

func breakLinks(field string) string { return links.Replace(field) }

// appLinks are what apps on phones make of a text: links of domains, too, as
// Android's Linkify.WEB_URLS does.
var appLinks = strings.NewReplacer("://", ": //", ".", ".\u200b")

func breakAppLinks(field string) string { return appLinks.Replace(field) }

// encodeText is the message itself.
func encodeText(c *content) []byte { return []byte(c.text) }

// encodeTextKey is the body that many chats take.
func encodeTextKey(c *content) []byte {
	return toJSON(map[string]interface{}{"text": c.text})
}

// asIs is for texts that nobody looks into.
func asIs(field string) string { return field }
