package doubles

import (
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// telegram takes messages of bots: https://core.telegram.org/bots/api#sendmessage
var telegram = Service{
	Name:    "telegram",
	URL:     "https://api.telegram.org/bot123456:telegram-token/sendMessage?chat_id=-1001234567890",
	Formats: []string{"telegram"},
	Own:     `{"text":"Tim","link_preview_options":{"is_disabled":true}}`,
	Most:    4096,
	Markup:  Markup{Ping: "@durov", Link: "evil.com", Mark: "/start"},
	take:    takeTelegram,
	// https://core.telegram.org/bots/api#responseparameters
	busy: says(http.StatusTooManyRequests,
		`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`),
}

// https://core.telegram.org/bots/api#making-requests
func telegramError(status int, description string) reply {
	return says(status, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%s}`, status, quote(description)))
}

func takeTelegram(r request) reply {
	token, method, _ := strings.Cut(strings.TrimPrefix(r.path, "/bot"), "/")

	switch {
	case !strings.HasPrefix(r.path, "/bot") || !strings.EqualFold(method, "sendMessage"):
		return telegramError(http.StatusNotFound, "Not Found")
	case token != "123456:telegram-token":
		return telegramError(http.StatusUnauthorized, "Unauthorized")
	}

	// Parameters come in the query, a form or JSON; any other body is none.
	object := map[string]any{}

	if r.isJSON() {
		var err error
		if object, err = r.object(); err != nil {
			return telegramError(http.StatusBadRequest, "Bad Request: can't parse JSON object")
		}
	}

	words, isText := field(object, "text")
	if words == "" {
		words = r.query.Get("text")
	}

	switch {
	case !isText:
		return telegramError(http.StatusBadRequest, `Bad Request: Field "text" must be of type String`)
	case blank(words):
		return telegramError(http.StatusBadRequest, "Bad Request: message text is empty")
	case object["chat_id"] == nil && !r.query.Has("chat_id"):
		return telegramError(http.StatusBadRequest, "Bad Request: chat_id is empty")
	case chatOf(object["chat_id"]) != "-1001234567890" && r.query.Get("chat_id") != "-1001234567890":
		return telegramError(http.StatusBadRequest, "Bad Request: chat not found")
	case units(words) > 4096:
		// 4,096 characters; its entities count them in UTF-16, which is the
		// stricter reading: https://core.telegram.org/bots/api#messageentity
		return telegramError(http.StatusBadRequest, "Bad Request: message is too long")
	}

	notice := Notice{Text: words}
	notice.link(words, appLink)
	notice.ping(words, telegramMention)
	notice.look(words, telegramMarks)

	if object["parse_mode"] != nil || r.query.Has("parse_mode") {
		notice.Marks = append(notice.Marks, "parse_mode")
	}

	// https://core.telegram.org/bots/api#linkpreviewoptions
	if inner(object, "link_preview_options")["is_disabled"] != true {
		notice.Marks = append(notice.Marks, "previews")
	}

	return showing(http.StatusOK, `{"ok":true,"result":{"message_id":1,"text":`+quote(words)+`}}`, notice)
}

// chatOf reads a chat_id, Integer or String:
// https://core.telegram.org/bots/api#sendmessage
func chatOf(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}

	return asText(value)
}

var (
	// These are found without a parse_mode too:
	// https://core.telegram.org/api/entities
	telegramMention = regexp.MustCompile(`(?:^|[^\w@])@[A-Za-z]\w{3,31}\b`)
	telegramMarks   = []mark{
		{"command", regexp.MustCompile(`(?:^|[^\w/<>])/[A-Za-z0-9_]{1,64}\b`)},
		{"cashtag", regexp.MustCompile(`(?:^|\s)\$[A-Z]{1,8}\b`)},
		{"hashtag", regexp.MustCompile(`(?:^|\s)#[\pL\d_]*[\pL_]`)},
	}
)

// appLink is what apps on phones make clickable, domains without a scheme too:
// https://core.telegram.org/api/entities, and Android's Linkify.WEB_URLS, which
// those of gotify and ntfy use.
var appLink = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://[^\s<>|]+|[a-z0-9][a-z0-9-]*\.[a-z]{2,})`)

// gotify takes messages of an application:
// https://github.com/gotify/server/blob/master/api/message.go
var gotify = Service{
	Name:    "gotify",
	URL:     "https://gotify.example/message?token=Agotify-token",
	Formats: []string{"gotify"},
	Own:     `{"title":"New","message":"Tim"}`,
	Most:    40000,
	Markup:  Markup{Ping: None, Link: "https://evil.example", Mark: None},
	take:    takeGotify,
}

func gotifyError(status int, description string) reply {
	return says(status, fmt.Sprintf(`{"error":"%s","errorCode":%d,"errorDescription":%s}`, http.StatusText(status), status, quote(description)))
}

func takeGotify(r request) reply {
	switch {
	case r.path != "/message":
		return gotifyError(http.StatusNotFound, "page not found")
	case r.query.Get("token") != "Agotify-token" && r.header.Get("X-Gotify-Key") != "Agotify-token":
		// https://github.com/gotify/server/blob/master/auth/authentication.go
		return gotifyError(http.StatusUnauthorized, "you need to provide a valid access token or user credentials to access this api")
	case r.method != http.MethodPost:
		// A GET lists messages, for which an application's token is too little.
		return gotifyError(http.StatusForbidden, "you are not allowed to access this api")
	}

	// What is no JSON is read as a form, in which nothing is found.
	object := map[string]any{}

	if r.isJSON() {
		var err error
		if object, err = r.object(); err != nil {
			return gotifyError(http.StatusBadRequest, err.Error())
		}
	}

	words, isText := field(object, "message")
	title, isTitle := field(object, "title")

	switch {
	case !isText || !isTitle:
		return gotifyError(http.StatusBadRequest, "json: cannot unmarshal object into Go struct field MessageExternal.message of type string")
	case words == "":
		return gotifyError(http.StatusBadRequest, "Field 'message' is required")
	}

	notice := Notice{Text: words}
	notice.link(words, appLink)

	// https://gotify.net/docs/msgextras#clientdisplay
	if object["extras"] != nil {
		notice.Marks = append(notice.Marks, "extras")
	}

	return showing(http.StatusOK, `{"id":1,"appid":1,"message":`+quote(words)+`,"title":`+quote(title)+`}`, notice)
}

// ntfy takes the text itself: https://docs.ntfy.sh/publish/
var ntfy = Service{
	Name:    "ntfy",
	URL:     "https://ntfy.sh/accounts?auth=bnRmeS10b2tlbg",
	Formats: []string{"ntfy", "text"},
	Own:     `Tim`,
	Most:    4095,
	Markup:  Markup{Ping: None, Link: "https://evil.example", Mark: None},
	take:    takeNtfy,
	// Without Retry-After, as observed.
	busy: ntfyError(http.StatusTooManyRequests, 42901, "limit reached: too many requests"),
}

// https://github.com/binwiederhier/ntfy/blob/main/server/errors.go
func ntfyError(status, code int, message string) reply {
	return says(status, fmt.Sprintf(`{"code":%d,"http":%d,"error":"%s","link":"https://ntfy.sh/docs/publish/"}`, code, status, message))
}

// ntfyHeaders are what makes more of a message than its text:
// https://docs.ntfy.sh/publish/#list-of-all-parameters
var ntfyHeaders = []string{"Click", "Attach", "Actions", "Icon", "Markdown", "Email", "Call", "Filename", "Template"}

func takeNtfy(r request) reply {
	switch {
	case r.path != "/accounts":
		return ntfyError(http.StatusNotFound, 40401, "page not found")
	case r.query.Get("auth") != "bnRmeS10b2tlbg":
		return ntfyError(http.StatusForbidden, 40301, "forbidden")
	case r.method != http.MethodPost && r.method != http.MethodPut:
		return reply{status: http.StatusOK, media: "text/html", body: "<!doctype html>"} // its web page
	}

	words := string(r.body)
	notice := Notice{Text: words}

	// From 4,096 bytes on, as observed, and where it is no text, a message
	// becomes a file: https://docs.ntfy.sh/publish/#attach-local-file
	if len(words) >= 4096 || !utf8.ValidString(words) {
		notice.Text = "You received a file: attachment.txt"
	}

	if words == "" {
		notice.Text = "triggered"
	}

	notice.link(notice.Text, appLink)

	for _, name := range ntfyHeaders {
		if r.header.Get(name) != "" {
			notice.Marks = append(notice.Marks, name)
		}
	}

	if r.media == "text/markdown" {
		notice.Marks = append(notice.Marks, "Markdown")
	}

	// https://docs.ntfy.sh/publish/#message-title, RFC 2047 for what is not
	// ASCII.
	title, err := (&mime.WordDecoder{}).DecodeHeader(r.header.Get("Title"))
	if err != nil || title != strings.Map(printable, title) {
		notice.Marks = append(notice.Marks, "a broken title")
	}

	return showing(http.StatusOK, `{"id":"x","event":"message","topic":"accounts","message":`+quote(notice.Text)+`,"title":`+quote(title)+`}`, notice)
}

func printable(c rune) rune {
	if c < ' ' || c == utf8.RuneError {
		return -1
	}

	return c
}
