package receiver

import (
	"net/url"
	"strings"
)

// slackEscapes are all that Slack asks for. They disarm links and mentions
// too, `<!channel>` among them:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
//
// Zulip takes Slack's body and reads mentions and links of its own in it,
// `@**all**` and `#**stream**`. A zero-width space is all that stops them:
// https://zulip.com/help/format-your-message-using-markdown
var slackEscapes = strings.NewReplacer(
	"://", ": //", // no stranger posts a link to click
	"&", "&amp;",
	"<", "&lt;",
	">", "&gt;",
	"@*", "@\u200b*",
	"@_", "@\u200b_",
	"#*", "#\u200b*",
)

func isSlack(host string, target *url.URL) bool {
	if host != "hooks.slack.com" && host != "hooks.slack-gov.com" {
		return false
	}
	for _, prefix := range []string{"/services/", "/workflows/", "/triggers/"} {
		if strings.HasPrefix(target.Path, prefix) {
			return true
		}
	}
	return false
}

func escapeSlack(field string) string { return slackEscapes.Replace(field) }

// encodeSlack switches markup off, which no character escapes; then a `*` is
// a `*`.
func encodeSlack(c *content) []byte {
	return toJSON(map[string]interface{}{
		"text":         c.text,
		"mrkdwn":       false,
		"unfurl_links": false,
		"unfurl_media": false,
	})
}
