package receiver

import "strings"

const discordPath = "/api/webhooks/"

// suppressEmbeds is the message flag that turns link previews off.
const suppressEmbeds = 4

// discordEscapes disarm Discord's Markdown, in which a backslash takes the
// meaning from any punctuation:
// https://support.discord.com/hc/en-us/articles/210298617
var discordEscapes = strings.NewReplacer(
	"://", ": //", // no stranger posts a link to click
	`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`,
	"<", `\<`, ">", `\>`, "#", `\#`, "-", `\-`, "+", `\+`,
	"[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "@", `\@`,
)

func isDiscordHost(host string) bool {
	switch host {
	case "discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com",
		"canary.discordapp.com", "ptb.discordapp.com":
		return true
	}
	return false
}

func isDiscord(host, path string) bool {
	return isDiscordHost(host) && strings.HasPrefix(path, discordPath)
}

func escapeDiscord(field string) string { return discordEscapes.Replace(field) }

func encodeDiscord(text string) []byte {
	return toJSON(map[string]interface{}{
		"content":          text,
		"allowed_mentions": map[string]interface{}{"parse": []string{}},
		"flags":            suppressEmbeds,
	})
}
