package doubles

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
)

// googleChat takes messages for a space:
// https://developers.google.com/workspace/chat/quickstart/webhooks
var googleChat = Service{
	Name:    "googlechat",
	URL:     "https://chat.googleapis.com/v1/spaces/AAAAAAAAAAA/messages?key=google-key&token=google-token",
	Formats: []string{"googlechat"},
	Own:     `{"text":"Tim"}`,
	Most:    32000,
	Markup:  Markup{Ping: "<users/all>", Link: "https://evil.example", Mark: "*b*"},
	take:    takeGoogleChat,
	// One request a second and space, and no Retry-After:
	// https://developers.google.com/workspace/chat/limits
	busy: googleError(http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
}

// https://cloud.google.com/apis/design/errors#http_mapping
func googleError(status int, word, message string) reply {
	return says(status, fmt.Sprintf(`{"error":{"code":%d,"message":%s,"status":"%s"}}`, status, quote(message), word))
}

// googleKeys are what a message has that is sent without cards:
// https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages
var googleKeys = []string{"text", "thread", "cardsV2", "fallbackText", "accessoryWidgets"}

func takeGoogleChat(r request) reply {
	switch {
	case r.path != "/v1/spaces/AAAAAAAAAAA/messages":
		return googleError(http.StatusNotFound, "NOT_FOUND", "Requested entity was not found.")
	case r.method != http.MethodPost:
		// https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/list
		// is what a GET is, for which the key is too little.
		return googleError(http.StatusUnauthorized, "UNAUTHENTICATED", "Request is missing required authentication credential.")
	case r.query.Get("key") != "google-key":
		return googleError(http.StatusBadRequest, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")
	case r.query.Get("token") != "google-token":
		return googleError(http.StatusUnauthorized, "UNAUTHENTICATED", "The request does not have valid authentication credentials.")
	}

	// Any body is read as the JSON of the message's protocol buffer, which
	// refuses unknown names: https://protobuf.dev/programming-guides/json/
	object, err := r.object()
	if err != nil || !r.isJSON() {
		return googleError(http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected token.")
	}

	for _, key := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(googleKeys, key) {
			return googleError(http.StatusBadRequest, "INVALID_ARGUMENT",
				fmt.Sprintf("Invalid JSON payload received. Unknown name %q: Cannot find field.", key))
		}
	}

	words, isText := field(object, "text")

	switch {
	case !isText:
		return googleError(http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid value at 'message.text' (TYPE_STRING)")
	case blank(words):
		return googleError(http.StatusBadRequest, "INVALID_ARGUMENT", "Message cannot be empty. Discarding empty create message request")
	case len(words) > 32000: // bytes: https://developers.google.com/workspace/chat/create-messages
		return googleError(http.StatusBadRequest, "INVALID_ARGUMENT", "Message is too long.")
	}

	return showing(http.StatusOK, `{"name":"spaces/AAAAAAAAAAA/messages/1","text":`+quote(words)+`}`, *readGoogleChat(words))
}

var (
	// https://developers.google.com/workspace/chat/format-messages
	googleAngle = regexp.MustCompile(`<([a-z][^<>|\s]*)(\|[^<>]*)?>`)
	googleUser  = regexp.MustCompile(`^users/`)
	googleMarks = []mark{
		{"code block", regexp.MustCompile("(?s)```.+?```")},
		{"code", regexp.MustCompile("`[^`\n]+`")},
		{"bold", regexp.MustCompile(`(?:^|[\s\p{P}])\*(\S|\S[^*\n]*\S)\*(?:$|[\s\p{P}])`)},
		{"italic", regexp.MustCompile(`(?:^|[\s\p{P}])_(\S|\S[^_\n]*\S)_(?:$|[\s\p{P}])`)},
		{"strike", regexp.MustCompile(`(?:^|[\s\p{P}])~(\S|\S[^~\n]*\S)~(?:$|[\s\p{P}])`)},
		{"list", regexp.MustCompile(`(?m)^[*-] `)},
		{"quote", regexp.MustCompile(`(?m)^> `)},
	}
)

func readGoogleChat(words string) *Notice {
	notice := &Notice{Text: words}
	notice.look(words, googleMarks)
	notice.link(words, bareURL)

	for _, found := range googleAngle.FindAllStringSubmatch(words, -1) {
		if googleUser.MatchString(found[1]) {
			notice.Pings = append(notice.Pings, found[1])
		} else if found[2] != "" {
			notice.Links = append(notice.Links, found[1])
		}
	}

	return notice
}
