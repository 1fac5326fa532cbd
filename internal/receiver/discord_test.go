package receiver

import (
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// Discord reads Markdown in Slack's body too.
func TestStrangersAtDiscordForSlack(t *testing.T) {
	text, _ := message.Parse("{name}", []string{"name"})
	target := parsed(t, "https://discord.com/api/webhooks/1/x/slack")
	for _, format := range []string{"auto", "slack"} {
		got := shown(t, Encode(Choose(format, target), text, map[string]string{"name": "@everyone **b** <x>"}))
		want := "\\@\u200beveryone \\*\\*b\\*\\* \\&lt;x\\&gt;"
		if got != want {
			t.Errorf("%s: got: %q, want: %q", format, got, want)
		}
	}
}
