package receiver

// Slack's incoming webhooks, and those of others that take its body.

import (
	"net/url"
	"strings"
)

// slackEscapes are all that Slack asks for. They disarm links and mentions
// too, `<!channel>` among them:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var slackEscapes = strings.NewReplacer(
	"://", ": //", // no stranger posts a link to click
	"&", "&amp;",
	"<", "&lt;",
	">", "&gt;",
)

// asForSlack are for the others that take Slack's body, and read it each in its
// own Markdown, whatever `mrkdwn` says: Zulip, Matrix hookshot, Mattermost. They
// undo Slack's entities, or have the same; beyond these no escape is common to
// them, so a zero-width space parts all else that would be markup from what
// makes it so. Where that does not do, since a pair of them may have anything
// in between, a look-alike takes a character's place.
// https://zulip.com/help/format-your-message-using-markdown
// https://github.com/zulip/zulip/blob/main/zerver/webhooks/slack_incoming/view.py
// https://spec.commonmark.org/0.31.2/
var asForSlack = strings.NewReplacer(
	"://", ":\u200b /\u200b/\u200b", // no stranger posts a link to click
	"&", "&amp;\u200b", "<", "&lt;\u200b", ">", "\u200b&gt;",
	"*", "\u2217", "_", "\u02cd", "`", "\u02cb", "~", "\u223c",
	"@", "@\u200b", "#", "#\u200b", "|", "|\u200b", "!", "!\u200b", `\`, "\\\u200b",
	"[", "[\u200b", "]", "]\u200b", "(", "(\u200b", ")", ")\u200b", ":", ":\u200b", "/", "/\u200b",
	".", ".\u200b", "-", "-\u200b", "+", "+\u200b", "=", "=\u200b", "$", "$\u200b",
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

func escapeAsForSlack(field string) string { return asForSlack.Replace(field) }

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
