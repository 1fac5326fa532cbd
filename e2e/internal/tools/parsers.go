package tools

import "context"

// parsers are the npm packages that read what is sent to a service as the
// service does: Rocket.Chat's and Mattermost's own, markdown-it, with which
// Adaptive Cards are shown, and two that are kept for Discord's and Slack's
// syntax.
var parsers = []string{
	"@rocket.chat/message-parser@0.32.0",
	"@mattermost/commonmark@0.31.2-0",
	"markdown-it@14.1.0",
	"discord-markdown-parser@1.3.1",
	"slack-message-parser@3.0.2",
}

// Parsers is the folder node_modules with the parsers of receivers' markup,
// for node to load; they are installed into .tools/ where they are not there
// yet.
func Parsers(ctx context.Context) (string, error) {
	return NPM(ctx, "parsers", parsers...)
}
