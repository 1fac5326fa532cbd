package receiver

// Telegram's bots, by the method sendMessage.

import (
	"net/url"
	"strings"
)

// telegramEscapes part what Telegram itself makes something to click of, even
// without a parse_mode: @user (whom it alerts), #tag, $TAG, /command, bare
// domains and addresses. It knows no escape without a parse_mode, so a
// zero-width space has to do it.
// https://core.telegram.org/api/entities
var telegramEscapes = strings.NewReplacer(
	"://", ": /\u200b/\u200b", // no stranger posts a link to click
	"@", "@\u200b", "#", "#\u200b", "$", "$\u200b", "/", "/\u200b", ".", ".\u200b",
)

// telegramOwn are parameters of sendMessage and its kind that would change the
// notice: a URL's query counts as much as the body.
var telegramOwn = []string{"text", "parse_mode", "entities", "caption"}

// isTelegram does not ask for the rest of the URL: missingForTelegram says
// what it lacks.
func isTelegram(host string, target *url.URL) bool {
	return host == "api.telegram.org" && strings.HasPrefix(target.Path, "/bot")
}

// missingForTelegram asks nothing but the chat of who has a body of his own,
// and looks for it by its name alone: the body may be JSON or a form. Telegram's
// methods are the same in upper and lower case.
// https://core.telegram.org/bots/api#making-requests
func missingForTelegram(target *url.URL, body string) string {
	query := target.Query()
	hasChat := query.Get("chat_id") != ""
	lacking := []string{}
	if body != "" {
		if !hasChat && !strings.Contains(body, "chat_id") {
			lacking = append(lacking, "chat_id is missing, both in its query and in the option body")
		}
		return forTelegram(lacking)
	}
	if !strings.HasSuffix(strings.ToLower(target.Path), "/sendmessage") {
		lacking = append(lacking, "its path must be /bot, the bot's token, and /sendMessage")
	}
	if !hasChat {
		lacking = append(lacking, "chat_id is missing in its query, such as ?chat_id=-1001234567890")
	}
	for _, name := range telegramOwn {
		if query.Has(name) {
			lacking = append(lacking, name+" must go from its query, since the notice has its own; for other text or markup set the option body")
		}
	}
	return forTelegram(lacking)
}

func forTelegram(lacking []string) string {
	if len(lacking) == 0 {
		return ""
	}
	return "for Telegram " + strings.Join(lacking, ", and ")
}

func escapeTelegram(field string) string { return telegramEscapes.Replace(field) }

func encodeTelegram(c *content) []byte {
	return toJSON(map[string]interface{}{
		"chat_id":              c.target.Query().Get("chat_id"),
		"text":                 c.text,
		"link_preview_options": map[string]interface{}{"is_disabled": true},
	})
}
