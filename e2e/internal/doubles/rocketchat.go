package doubles

import (
	"net/http"
	"regexp"
	"strings"
)

const rocketChatPath = "/hooks/64a1b2c3d4e5f60718293a4b/rocketchat-token"

// rocketChat takes incoming webhooks:
// https://github.com/RocketChat/Rocket.Chat/blob/develop/apps/meteor/app/integrations/server/api/api.ts
var rocketChat = Service{
	Name:    "rocketchat",
	URL:     "https://rocket.example" + rocketChatPath,
	Formats: []string{"rocketchat"},
	Own:     `{"text":"Tim","parseUrls":false}`,
	Most:    5000,
	Markup:  Markup{Ping: "@all", Link: "[x](https://evil.example)", Mark: "*b*"},
	take:    takeRocketChat,
	// https://developer.rocket.chat/apidocs/rate-limiter: no Retry-After
	busy: says(http.StatusTooManyRequests, `{"success":false,"error":"Error, too many requests. Please slow down. `+
		`You must wait 42 seconds before trying this endpoint again. [error-too-many-requests]","errorType":"error-too-many-requests"}`),
}

func takeRocketChat(r request) reply {
	success := says(http.StatusOK, `{"success":true}`)

	switch {
	case r.path != rocketChatPath:
		return says(http.StatusBadRequest, `{"success":false,"error":"Invalid integration id or token provided."}`)
	case r.method != http.MethodPost && r.method != http.MethodGet:
		return says(http.StatusMethodNotAllowed, `{"success":false,"error":"Method Not Allowed"}`)
	case !r.isJSON():
		return success // without a body that it can read, it does nothing
	}

	object, err := r.object()
	if err != nil {
		return says(http.StatusBadRequest, `{"success":false,"error":"Invalid body"}`)
	}

	if object["channel"] != nil || object["roomId"] != nil {
		return says(http.StatusBadRequest, `{"success":false,"error":"overriding destination channel is disabled for this integration"}`)
	}

	// https://github.com/RocketChat/Rocket.Chat/blob/develop/apps/meteor/app/lib/server/functions/processWebhookMessage.ts
	words, isText := field(object, "text")
	if !isText {
		return says(http.StatusBadRequest, `{"success":false,"error":"Match error: Expected string, got object in field msg"}`)
	}

	words = strings.TrimSpace(words)
	if words == "" {
		return success // an empty message, in which nothing can be seen
	}

	success.notice = readRocketChat(words)

	// Beside this switch, attachments turn previews off.
	if object["parseUrls"] != false {
		success.notice.Marks = append(success.notice.Marks, "previews")
	}

	return success
}

var (
	// What alerts: https://github.com/RocketChat/Rocket.Chat/blob/develop/apps/meteor/app/mentions/lib/MentionsParser.ts
	rocketChatMention = regexp.MustCompile(`(?:^|\s|> |\\)@[0-9a-zA-Z_.-]+`)

	// https://github.com/RocketChat/Rocket.Chat/blob/develop/packages/message-parser/src/grammar.pegjs
	rocketChatMarks = []mark{
		{"code block", regexp.MustCompile("(?s)```.+?```")},
		{"code", regexp.MustCompile("`[^`\n]+`")},
		{"bold", regexp.MustCompile(`\*[^*\n]+\*`)},
		{"italic", regexp.MustCompile(`\b_[^_\n]+_\b`)},
		{"strike", regexp.MustCompile(`~[^~\n]+~`)},
		{"spoiler", regexp.MustCompile(`\|\|[^|\n]+\|\|`)},
		{"heading", regexp.MustCompile(`(?m)^#{1,4} `)},
		{"list", regexp.MustCompile(`(?m)^([-*]|\d+\.) `)},
		{"quote", regexp.MustCompile(`(?m)^> `)},
		{"channel", regexp.MustCompile(`(?:^|\s)#[0-9a-zA-Z_.-]`)},
	}
	rocketChatLink = regexp.MustCompile(`\[[^\]\n]*\]\([^)\s]+\)|<[A-Za-z][^<>|\s]*\|[^<>\n]+>`)
)

// rocketChatEscapes are what its grammar lets a backslash stand before.
const rocketChatEscapes = "*_~`#."

func readRocketChat(words string) *Notice {
	words = hide(words, rocketChatEscapes)
	notice := &Notice{Text: show(words)}
	notice.look(words, rocketChatMarks)
	notice.link(words, rocketChatLink)
	notice.link(words, bareURL)
	notice.ping(words, rocketChatMention)

	return notice
}
