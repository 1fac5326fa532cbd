package receiver

import "strings"

// slackEscapes are all that Slack asks for. They disarm links and mentions
// too, `<!channel>` among them:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var slackEscapes = strings.NewReplacer(
	"://", ": //", // no stranger posts a link to click
	"&", "&amp;",
	"<", "&lt;",
	">", "&gt;",
)

// isSlack also takes Discord's Slack-compatible URLs.
func isSlack(host, path string) bool {
	if isDiscordHost(host) {
		return strings.HasPrefix(path, discordPath) && strings.HasSuffix(path, "/slack")
	}
	if host != "hooks.slack.com" && host != "hooks.slack-gov.com" {
		return false
	}
	for _, prefix := range []string{"/services/", "/workflows/", "/triggers/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

func escapeSlack(field string) string { return slackEscapes.Replace(field) }

func encodeSlack(text string) []byte {
	return toJSON(map[string]interface{}{
		"text":         text,
		"unfurl_links": false,
		"unfurl_media": false,
	})
}
