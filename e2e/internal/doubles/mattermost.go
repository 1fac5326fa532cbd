package doubles

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const mattermostPath = "/hooks/xxxxxxxxxxxxxxxxxxxxxxxxxx"

// mattermost takes incoming webhooks:
// https://github.com/mattermost/mattermost/blob/master/server/channels/web/webhook.go
var mattermost = Service{
	Name:    "mattermost",
	URL:     "https://mattermost.example" + mattermostPath,
	Formats: []string{"mattermost"},
	Own:     `{"text":"Tim"}`,
	Most:    16383,
	Markup:  Markup{Ping: "@all", Link: "[x](https://evil.example)", Mark: "**b**"},
	take:    takeMattermost,
	// https://docs.mattermost.com/administration-guide/configure/rate-limiting-configuration-settings.html
	busy: with(plainly(http.StatusTooManyRequests, "limit exceeded\n"), "X-RateLimit-Reset", "1"),
}

func mattermostError(status int, id, message string) reply {
	return says(status, `{"id":"`+id+`","message":`+quote(message)+`,"detailed_error":"","status_code":400}`)
}

func takeMattermost(r request) reply {
	// The route is for POST alone; all else gets the page, or this.
	if r.method != http.MethodPost || !strings.HasPrefix(r.path, "/hooks/") {
		return mattermostError(http.StatusNotFound, "api.context.404.app_error", "Sorry, we could not find the page.")
	}

	// Whatever the content type says, what is no form is read as JSON.
	object, err := r.object()
	words, isText := field(object, "text")

	switch {
	case err != nil || !isText:
		return mattermostError(http.StatusBadRequest, "model.incoming_hook.parse_data.app_error", "Unable to parse incoming data.")
	case words == "" && object["attachments"] == nil:
		return mattermostError(http.StatusBadRequest, "web.incoming_webhook.text.app_error", "No text specified.")
	case r.path != mattermostPath:
		return mattermostError(http.StatusBadRequest, "web.incoming_webhook.invalid.app_error", "Invalid webhook.")
	}

	answer := reply{status: http.StatusOK, media: "text/plain", body: "ok"}
	answer.notice = readMattermost(words)

	// More than this many characters become a second post:
	// https://developers.mattermost.com/integrate/webhooks/incoming/#tips-and-best-practices
	if characters(words) > 16383 {
		answer.notice.Marks = append(answer.notice.Marks, "split")
	}

	return answer
}

var (
	// Slack's syntax is rewritten before anything else is read:
	// https://developers.mattermost.com/integrate/webhooks/incoming/#slack-compatibility
	mattermostFromSlack = regexp.MustCompile(`<([^<>|]+)(\|[^<>]*)?>`)
	mattermostURL       = regexp.MustCompile(`(?i)^([a-z][a-z0-9+.-]*://|mailto:)`)
)

func readMattermost(words string) *Notice {
	slackWords := mattermostFromSlack.ReplaceAllStringFunc(words, func(found string) string {
		target, label, labelled := strings.Cut(found[1:len(found)-1], "|")

		switch {
		case target == "!channel" || target == "!here":
			return "@" + target[1:]
		case target == "!everyone":
			return "@all"
		case mattermostURL.MatchString(target) && labelled:
			return "[" + label + "](" + target + ")"
		}

		return found
	})

	notice := readMarkdown(slackWords)

	// Mentions are looked for in the text that Markdown has left, whatever
	// backslashes there were:
	// https://github.com/mattermost/mattermost/blob/master/server/channels/app/mention_parser_standard.go
	for word := range strings.FieldsFuncSeq(notice.Text, splitsMentions) {
		word = strings.Trim(word, ":.-_")
		if strings.HasPrefix(word, "@") && len(word) > 1 {
			notice.Pings = append(notice.Pings, word)
		} else if at := strings.IndexByte(word, '@'); at > 0 && at+1 < len(word) && slices.Contains([]byte(".-:"), word[at-1]) {
			notice.Pings = append(notice.Pings, word[at:])
		}
	}

	return notice
}

func splitsMentions(c rune) bool {
	return !strings.ContainsRune(":.-_@", c) && !unicode.IsLetter(c) && !unicode.IsNumber(c)
}
