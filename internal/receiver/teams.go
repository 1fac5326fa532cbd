package receiver

// Microsoft Teams, by workflows that begin with a webhook.

import (
	"net/url"
	"strings"
)

// teamsEscapes disarm the Markdown of a card's text, a subset of CommonMark,
// in which a backslash takes the meaning from any ASCII punctuation. They also
// stop `{{DATE(…)}}`, which a card works out:
// https://learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features
var teamsEscapes = strings.NewReplacer(
	"://", `\: //`, // no stranger posts a link to click
	`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`,
	"<", `\<`, ">", `\>`, "#", `\#`, "-", `\-`, "+", `\+`, "=", `\=`, ".", `\.`,
	"[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "{", `\{`, "}", `\}`,
	"@", `\@`, ":", `\:`, "!", `\!`, "&", `\&`, "$", `\$`, "^", `\^`,
)

// isTeams takes the URLs of a workflow that begins with a webhook.
func isTeams(host string, target *url.URL) bool {
	if strings.HasSuffix(host, ".logic.azure.com") || strings.HasSuffix(host, ".environment.api.powerplatform.com") {
		return true
	}
	return strings.Contains(target.Path, "/workflows/") && strings.HasSuffix(target.Path, "/triggers/manual/paths/invoke")
}

func escapeTeams(field string) string { return teamsEscapes.Replace(field) }

// encodeTeams puts the text into a card:
// https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using#send-adaptive-cards-using-an-incoming-webhook
func encodeTeams(c *content) []byte {
	block := map[string]interface{}{"type": "TextBlock", "text": c.text, "wrap": true}
	card := map[string]interface{}{
		"$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
		"type":    "AdaptiveCard",
		"version": "1.4",
		"body":    []interface{}{block},
	}
	// A nil written into the literal itself changes what the interpreter takes
	// nil for everywhere else: `return nil, x` of a pointer panics afterwards.
	var null interface{}
	attachment := map[string]interface{}{
		"contentType": "application/vnd.microsoft.card.adaptive",
		"contentUrl":  null,
		"content":     card,
	}
	return toJSON(map[string]interface{}{"type": "message", "attachments": []interface{}{attachment}})
}
