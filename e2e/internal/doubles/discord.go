package doubles

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

const (
	discordID    = "/api/webhooks/1098765432109876543/"
	discordToken = "discord-token"
)

// discord takes executions of its webhooks:
// https://discord.com/developers/docs/resources/webhook#execute-webhook
var discord = Service{
	Name:    "discord",
	URL:     "https://discord.com" + discordID + discordToken + "?wait=true&thread_id=1111111111111111111",
	Formats: []string{"discord"},
	Own:     `{"content":"Tim","allowed_mentions":{"parse":[]},"flags":4}`,
	Most:    2000,
	Markup:  Markup{Ping: None, Link: "https://evil.example", Mark: "**b**"}, // `allowed_mentions` keeps alerts off
	take:    takeDiscord,
	// https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit
	busy: with(says(http.StatusTooManyRequests,
		`{"message":"You are being rate limited.","retry_after":0.643,"global":false}`), "Retry-After", "1"),
}

// discordForSlack takes Slack's body at the path that ends so:
// https://discord.com/developers/docs/resources/webhook#execute-slackcompatible-webhook
var discordForSlack = Service{
	Name:    "discord for Slack's body",
	URL:     "https://discord.com" + discordID + discordToken + "/slack",
	Formats: []string{"slack"},
	Own:     `{"text":"Tim"}`,
	Most:    2000,
	Markup:  Markup{Ping: "@everyone", Link: "https://evil.example", Mark: "**b**"},
	take:    takeDiscord,
	busy:    discord.busy,
}

func takeDiscord(r request) reply {
	// Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
	rest, known := strings.CutPrefix(r.path, discordID)
	token, forSlack := strings.CutSuffix(rest, "/slack")

	switch {
	case !known:
		return says(http.StatusNotFound, `{"message":"Unknown Webhook","code":10015}`)
	case token != discordToken:
		return says(http.StatusUnauthorized, `{"message":"Invalid Webhook Token","code":50027}`)
	case r.method != http.MethodPost:
		return says(http.StatusMethodNotAllowed, `{"message":"405: Method Not Allowed","code":0}`)
	case r.query.Has("thread_id") && r.query.Get("thread_id") != "1111111111111111111":
		return says(http.StatusBadRequest, `{"message":"Unknown Channel","code":10003}`)
	}

	// A body that is no JSON counts as an empty form. As observed.
	if !r.isJSON() {
		return says(http.StatusBadRequest, `{"message":"Cannot send an empty message","code":50006}`)
	}

	object, err := r.object()
	if err != nil {
		return says(http.StatusBadRequest, `{"message":"The request body contains invalid JSON.","code":50109}`)
	}

	key := "content"
	if forSlack {
		key = "text"
	}

	words, isText := field(object, key)

	switch {
	case !isText:
		return says(http.StatusBadRequest, invalidForm(key, "STRING_TYPE_CONVERT", "Could not interpret as string."))
	case blank(words):
		return says(http.StatusBadRequest, `{"message":"Cannot send an empty message","code":50006}`)
	case characters(words) > 2000:
		return says(http.StatusBadRequest, invalidForm(key, "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length."))
	}

	// https://discord.com/developers/docs/reference#user-agent: others may be
	// blocked, and this code is what they get.
	if !forSlack && !strings.HasPrefix(r.header.Get("User-Agent"), "DiscordBot (") {
		return says(http.StatusForbidden, `{"message":"internal network error","code":40333}`)
	}

	answer := reply{status: http.StatusNoContent}
	if forSlack {
		// As observed: Slack's own word.
		answer = plainly(http.StatusOK, "ok")
		// Slack's entities are undone; the rest is read as Discord's, with no
		// allowed_mentions and no flags to set. As observed.
		answer.notice = readDiscord(slackEntities.Replace(words), nil)

		return answer
	}

	if r.query.Get("wait") == "true" {
		answer = says(http.StatusOK, `{"id":"1","type":0,"content":`+quote(words)+`}`)
	}

	answer.notice = readDiscord(words, object["allowed_mentions"])
	answer.notice.previews(object["flags"])

	return answer
}

func invalidForm(key, code, message string) string {
	return fmt.Sprintf(`{"message":"Invalid Form Body","code":50035,"errors":{"%s":{"_errors":[{"code":"%s","message":"%s"}]}}}`, key, code, message)
}

// previews counts links that unfold, unless the flag SUPPRESS_EMBEDS is set:
// https://discord.com/developers/docs/resources/message#message-object-message-flags
func (n *Notice) previews(flags any) {
	number, _ := flags.(float64)
	if int(number)&4 == 0 {
		n.Marks = append(n.Marks, "previews")
	}
}

var (
	// https://discord.com/developers/docs/reference#message-formatting
	discordMention = regexp.MustCompile(`@everyone|@here|<@[!&]?\d+>|<#\d+>|<id:[a-z]+>|</[^>]+:\d+>`)

	// https://support.discord.com/hc/en-us/articles/210298617
	discordMarks = []mark{
		{"code block", regexp.MustCompile("(?s)```.+?```")},
		{"code", regexp.MustCompile("`[^`]+`")},
		{"bold", regexp.MustCompile(`(?s)\*\*.+?\*\*`)},
		{"italic", regexp.MustCompile(`(?s)\*[^\s*].*?\*|\b_[^_]+_\b`)},
		{"underline", regexp.MustCompile(`(?s)__.+?__`)},
		{"strike", regexp.MustCompile(`(?s)~~.+?~~`)},
		{"spoiler", regexp.MustCompile(`(?s)\|\|.+?\|\|`)},
		{"heading", regexp.MustCompile(`(?m)^\s*(-#|#{1,3})\s`)},
		{"list", regexp.MustCompile(`(?m)^\s*[-*]\s`)},
		{"quote", regexp.MustCompile(`(?m)^\s*>{1,3}\s`)},
		{"emoji or time", regexp.MustCompile(`<(a?:\w+:\d+|t:-?\d+(:\w)?)>`)},
	}
)

func readDiscord(words string, allowed any) *Notice {
	words = hide(words, punctuation)
	notice := &Notice{Text: show(words)}
	notice.look(words, discordMarks)
	notice.link(words, bareURL)

	for _, found := range discordMention.FindAllString(words, -1) {
		// https://discord.com/developers/docs/resources/message#allowed-mentions-object
		rules, _ := allowed.(map[string]any)
		kinds, ruled := rules["parse"].([]any)

		if !ruled || slices.Contains(kinds, any("everyone")) {
			notice.Pings = append(notice.Pings, found)
		}

		notice.Marks = append(notice.Marks, "mention")
	}

	return notice
}
