package doubles

import (
	"net/http"
	"regexp"
	"strings"
)

// slack takes incoming webhooks. Its errors are single words:
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
var slack = Service{
	Name:    "slack",
	URL:     "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
	Formats: []string{"slack"},
	Own:     `{"text":"Tim","unfurl_links":false,"unfurl_media":false,"mrkdwn":false}`,
	Most:    40000,
	Markup:  Markup{Ping: "<!channel>", Link: "<https://evil.example|x>", Mark: None}, // `mrkdwn` switches it off
	take: func(r request) reply {
		// https://docs.slack.dev/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
		if r.path != "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" {
			return plainly(http.StatusNotFound, "no_service")
		}

		return takeSlack(r)
	},
	// One message a second: https://docs.slack.dev/apis/web-api/rate-limits
	busy: with(plainly(http.StatusTooManyRequests, "rate_limited"), "Retry-After", "1"),
}

func takeSlack(r request) reply {
	// The URL is for POST alone, and for JSON (or a form with the field
	// payload): https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
	if r.method != http.MethodPost || !r.isJSON() {
		return plainly(http.StatusBadRequest, "invalid_payload")
	}

	object, err := r.object()
	if err != nil {
		return plainly(http.StatusBadRequest, "invalid_payload")
	}

	words, isText := field(object, "text")
	if !isText {
		return plainly(http.StatusBadRequest, "invalid_payload")
	}

	if blank(words) {
		return plainly(http.StatusBadRequest, "no_text")
	}

	// Slack cuts a longer one: https://docs.slack.dev/changelog/2018-truncating-really-long-messages
	words = cut(words, 40000)

	// https://docs.slack.dev/messaging/formatting-message-text#disabling-formatting
	marked := object["mrkdwn"] != false

	answer := plainly(http.StatusOK, "ok")
	answer.notice = readSlack(words, marked)

	// https://docs.slack.dev/messaging/unfurling-links-in-messages
	if object["unfurl_links"] != false || object["unfurl_media"] != false {
		answer.notice.Marks = append(answer.notice.Marks, "previews")
	}

	return answer
}

// slackEntities are all that there are:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var slackEntities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

var (
	// https://docs.slack.dev/messaging/formatting-message-text#advanced
	slackAngle = regexp.MustCompile(`<([^<>]+)>`)

	// https://docs.slack.dev/messaging/formatting-message-text#basic-formatting
	slackMarks = []mark{
		{"code block", regexp.MustCompile("(?s)```(.+?)```")},
		{"code", regexp.MustCompile("`([^`\n]+)`")},
		{"bold", regexp.MustCompile(`(?:^|[\s\p{P}])\*(\S|\S[^*\n]*\S)\*(?:$|[\s\p{P}])`)},
		{"italic", regexp.MustCompile(`(?:^|[\s\p{P}])_(\S|\S[^_\n]*\S)_(?:$|[\s\p{P}])`)},
		{"strike", regexp.MustCompile(`(?:^|[\s\p{P}])~(\S|\S[^~\n]*\S)~(?:$|[\s\p{P}])`)},
		{"quote", regexp.MustCompile(`(?m)^&gt;`)},
	}
)

// readSlack reads mrkdwn. Angle brackets count even where markup is off.
func readSlack(words string, marked bool) *Notice {
	notice := &Notice{}

	for _, found := range slackAngle.FindAllStringSubmatch(words, -1) {
		if strings.ContainsAny(found[1][:1], "!@#") {
			notice.Pings = append(notice.Pings, found[1])
		} else {
			notice.Links = append(notice.Links, found[1])
		}
	}

	if marked {
		notice.look(words, slackMarks)
	}

	notice.link(words, bareURL)
	notice.Text = slackEntities.Replace(words)

	return notice
}

// zulip takes Slack's body:
// https://github.com/zulip/zulip/blob/main/zerver/webhooks/slack_incoming/view.py
var zulip = Service{
	Name:    "zulip",
	URL:     "https://zulip.example/api/v1/external/slack_incoming?api_key=abcdefgh&stream=ops&topic=accounts",
	Formats: []string{"slack"},
	Own:     `{"text":"Tim"}`,
	Most:    9000, // it cuts by itself, above this and below what Slack takes
	Markup:  Markup{Ping: "@**all**", Link: "evil.com", Mark: "_i_"},
	take:    takeZulip,
	// https://zulip.com/api/rest-error-handling#rate-limit-exceeded
	busy: with(says(http.StatusTooManyRequests,
		`{"code":"RATE_LIMIT_HIT","msg":"API usage exceeded rate limit","result":"error","retry-after":28.7}`), "Retry-After", "28.7"),
}

var (
	// https://zulip.com/help/mention-a-user-or-group, also what its integration
	// makes one of: the same as for zulipMarks.
	zulipMention = regexp.MustCompile(`@_?(\*\*[^*]+\*\*|\*[^*]+\*)|@_[^_\n]+_`)

	// zulipMarks are Zulip's own, https://zulip.com/help/format-your-message-using-markdown,
	// and those of Slack that its integration turns into them:
	// https://github.com/zulip/zulip/blob/main/zerver/webhooks/slack_incoming/view.py
	zulipMarks = []mark{
		{"code block", regexp.MustCompile("(?m)^[ ]*(```|~~~)")},
		{"code", regexp.MustCompile("`[^`\n]+`")},
		{"bold or italic", regexp.MustCompile(`\*[^\s*][^*\n]*\*`)},
		{"italic", regexp.MustCompile(`(?:^|[^\pL\pN_])_[^\s_][^_\n]*_(?:[^\pL\pN_]|$)`)},
		{"strike", regexp.MustCompile(`~~[^~\n]+~~`)},
		{"heading", regexp.MustCompile(`(?m)^#{1,6}[ ]`)},
		{"list", regexp.MustCompile(`(?m)^[ ]*([-*+]|\d+\.)[ ]`)},
		{"quote", regexp.MustCompile(`(?m)^[ ]*>`)},
		{"table", regexp.MustCompile(`(?m)^[ ]*\|?[ ]*:?-+:?[ ]*\|`)},
		{"emoji", regexp.MustCompile(`:[a-z0-9_+-]+:`)},
		{"formula", regexp.MustCompile(`\$\$[^$\n]+\$\$`)},
		{"time", regexp.MustCompile(`<time:[^<>]+>`)},
		{"channel", regexp.MustCompile(`#\*\*[^*]+\*\*`)},
		{"spoiler", regexp.MustCompile(`\|\|[^|\n]+\|\|`)}, // of others that take Slack's body
		{"command", regexp.MustCompile(`^/(me|poll|todo)\b`)},
	}

	// Images are links with an exclamation mark; bare domains become links too.
	zulipLink = regexp.MustCompile(`(?i)!?\[[^\]\n]*\]\([^)\n]*\)|\b[a-z0-9][a-z0-9-]*\.[a-z]{2,}|mailto:[^\s\x{200b}]+@`)
)

// readZulip takes entities as undone before the Markdown is read, which is the
// stricter reading.
func readZulip(words string) *Notice {
	words = slackEntities.Replace(words)
	notice := &Notice{Text: words}
	notice.link(words, zulipLink)
	notice.link(words, bareURL)
	notice.ping(words, zulipMention)
	notice.look(words, zulipMarks)

	return notice
}

func takeZulip(r request) reply {
	// https://zulip.com/api/rest-error-handling#method-not-allowed
	if r.method != http.MethodPost {
		return says(http.StatusMethodNotAllowed, `{"allowed_methods":["POST"],"msg":"Method Not Allowed","result":"error"}`)
	}

	// https://zulip.com/api/rest-error-handling#invalid-api-key
	if r.query.Get("api_key") != "abcdefgh" {
		return says(http.StatusUnauthorized, `{"code":"INVALID_API_KEY","msg":"Invalid API key","result":"error"}`)
	}

	// Else it looks for a form's field payload.
	if !r.isJSON() {
		return says(http.StatusBadRequest,
			`{"code":"REQUEST_VARIABLE_MISSING","msg":"Missing 'payload' argument","result":"error","var_name":"payload"}`)
	}

	object, err := r.object()
	if err != nil {
		return says(http.StatusBadRequest, `{"code":"BAD_REQUEST","msg":"payload is not valid JSON","result":"error"}`)
	}

	words, isText := field(object, "text")
	if !isText {
		return says(http.StatusBadRequest, `{"code":"BAD_REQUEST","msg":"payload[\"text\"] is not a string","result":"error"}`)
	}

	success := says(http.StatusOK, `{"ignored_parameters_unsupported":[],"msg":"","result":"success"}`)
	if blank(words) {
		return success // and shows nothing
	}

	// 10,000 characters, the rest is cut: https://zulip.com/api/send-message
	if characters(words) > 10000 {
		const truncated = "\n[message truncated]"

		words = cut(words, 10000-len(truncated)) + truncated
	}

	success.notice = readZulip(words)

	return success
}
