package receiver

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

// isTelegram does not ask for the rest of the URL: missingForTelegram says
// what it lacks.
func isTelegram(host string, target *url.URL) bool {
	return host == "api.telegram.org" && strings.HasPrefix(target.Path, "/bot")
}

func missingForTelegram(target *url.URL) string {
	lacking := []string{}
	if !strings.HasSuffix(target.Path, "/sendMessage") {
		lacking = append(lacking, "its path must be /bot, the bot's token, and /sendMessage")
	}
	if target.Query().Get("chat_id") == "" {
		lacking = append(lacking, "chat_id is missing in its query, such as ?chat_id=-1001234567890")
	}
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
