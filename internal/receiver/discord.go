package receiver

// Discord's webhooks, with a body of its own or with Slack's.

import (
	"net/url"
	"regexp"
	"strings"
)

// discordPath is a webhook's, with or without a version of the interface:
// https://discord.com/developers/docs/reference#api-versioning
//
// Behind the key, /slack is for Slack's body, and /github for GitHub's, which
// is not ours.
var discordPath = regexp.MustCompile(`^/api/(?:v\d+/)?webhooks/[^/]+/[^/]+(/slack)?$`)

// suppressEmbeds is the message flag that turns link previews off.
const suppressEmbeds = 4

// discordEscapes disarm Discord's Markdown, in which a backslash takes the
// meaning from any punctuation:
// https://support.discord.com/hc/en-us/articles/210298617
var discordEscapes = strings.NewReplacer(
	"://", `\: //`, // no stranger posts a link to click
	`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`,
	"<", `\<`, ">", `\>`, "#", `\#`, "-", `\-`, "+", `\+`, ".", `\.`,
	"[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "@", `\@`, ":", `\:`,
)

// mentions also stop those that are looked for before the Markdown is read.
var mentions = strings.NewReplacer("@", "@\u200b")

func isDiscordHost(host string) bool {
	switch host {
	case "discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com",
		"canary.discordapp.com", "ptb.discordapp.com":
		return true
	}
	return false
}

func isDiscord(host string, target *url.URL) bool {
	return isDiscordHost(host) && discordPath.MatchString(target.Path)
}

// isDiscordForSlack takes the URLs at which Discord reads Slack's body:
// https://discord.com/developers/docs/resources/webhook#execute-slackcompatible-webhook
func isDiscordForSlack(host string, target *url.URL) bool {
	return isDiscord(host, target) && strings.HasSuffix(target.Path, "/slack")
}

func escapeDiscord(field string) string { return discordEscapes.Replace(field) }

// escapeDiscordForSlack disarms Discord's Markdown, which goes on there, since
// `mrkdwn` does not switch it off; nor are there allowed_mentions.
func escapeDiscordForSlack(field string) string {
	field = discordEscapes.Replace(field)
	field = mentions.Replace(field)
	return slackEscapes.Replace(field)
}

func encodeDiscord(c *content) []byte {
	return toJSON(map[string]interface{}{
		"content":          c.text,
		"allowed_mentions": map[string]interface{}{"parse": []string{}},
		"flags":            suppressEmbeds,
	})
}
