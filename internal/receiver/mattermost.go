package receiver

// Mattermost's incoming webhooks, whose URLs are those of any server.

import "strings"

// mattermostEscapes disarm its Markdown: a backslash where its renderer takes
// one for an escape, and a zero-width space where it does not, or where the
// server looks at the text itself: for mentions, Slack's `<!channel>`,
// hashtags, and channels.
// https://github.com/mattermost/marked/blob/master/lib/marked.js
// https://github.com/mattermost/mattermost/blob/master/server/public/model/utils.go
// https://docs.mattermost.com/developer/webhooks-incoming.html
var mattermostEscapes = strings.NewReplacer(
	"://", ":\u200b //", // no stranger posts a link to click
	`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "|", `\|`,
	">", `\>`, "-", `\-`, "+", `\+`, ".", `\.`, "!", `\!`,
	"[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "{", `\{`, "}", `\}`,
	"~", "\\~\u200b", "#", "\\#\u200b",
	"<", "<\u200b", "@", "@\u200b", "&", "&\u200b", ":", ":\u200b", ";", ";\u200b", "=", "=\u200b", "$", "\\$\u200b",
)

func escapeMattermost(field string) string { return mattermostEscapes.Replace(field) }
