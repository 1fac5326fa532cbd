package receiver

// The table of receivers.

import "net/url"

// row is one service. A further one is a row, and a file with its encoder.
type row struct {
	format     string                                    // its word of the option format
	byURL      bool                                      // a kind of its own, for the URLs that it recognises alone
	recognises func(host string, target *url.URL) bool   // whether a URL is one of its own
	missing    func(target *url.URL, body string) string // what a URL lacks, beside a body of the user's own; nil: nothing
	escape     func(field string) string                 // makes a stranger's text harmless
	limit      int                                       // of a message, in the unit of cost; 0: none
	cost       func(r rune) int                          // what a character counts
	encode     func(c *content) []byte                   // with link previews off, where there is a switch
	mediaType  string
	agent      string   // a User-Agent that it asks for; "" for ours
	codes      []string // see Body
	slow       []int64  // see Body; a 429 and retry_after are read everywhere
	refused    string   // see Body
}

const (
	jsonType = "application/json"
	textType = "text/plain; charset=utf-8"
	// userAgent names the sender, as RFC 9110, section 10.1.5 asks.
	userAgent = "signupwebhook (+https://github.com/traefik-openwebui/signupwebhook)"
	// discordAgent has the form that Discord asks of clients:
	// https://discord.com/developers/docs/reference#user-agent
	discordAgent = "DiscordBot (https://github.com/traefik-openwebui/signupwebhook, 1)"
)

// plain is what a URL gets that no row recognises.
var plain = row{
	format:     "text",
	recognises: never,
	escape:     asIs,
	encode:     encodeText,
	mediaType:  textType,
}

// rows are asked in this order; the first that recognises a URL takes it.
var rows = []row{
	{
		format:     jsonFormat,
		recognises: never,
		escape:     asIs,
		encode:     encodeJSON,
		mediaType:  jsonType,
	},
	{
		format:     "slack",
		byURL:      true,
		recognises: isDiscordForSlack,
		escape:     escapeDiscordForSlack,
		limit:      2000, // Discord's
		cost:       oneCharacter,
		encode:     encodeSlack,
		mediaType:  jsonType,
		agent:      discordAgent,
	},
	{
		format:     "slack",
		byURL:      true,
		recognises: isSlack,
		escape:     escapeSlack,
		limit:      40000, // https://docs.slack.dev/reference/methods/chat.postMessage
		cost:       oneCharacter,
		encode:     encodeSlack,
		mediaType:  jsonType,
	},
	{
		format:     "slack", // of others that take Slack's body
		recognises: never,
		escape:     escapeAsForSlack,
		limit:      40000, // Slack's
		cost:       oneCharacter,
		encode:     encodeSlack,
		mediaType:  jsonType,
	},
	{
		format:     "discord",
		recognises: isDiscord,
		escape:     escapeDiscord,
		limit:      2000, // https://discord.com/developers/docs/resources/webhook#execute-webhook
		cost:       oneCharacter,
		encode:     encodeDiscord,
		mediaType:  jsonType,
		agent:      discordAgent,
	},
	{
		format:     "googlechat",
		recognises: isGoogleChat,
		escape:     escapeGoogleChat,
		limit:      32000, // https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create
		cost:       bytesInUTF8,
		encode:     encodeTextKey,
		mediaType:  jsonType,
	},
	{
		format:     "teams",
		recognises: isTeams,
		escape:     escapeTeams,
		// 28 KB for the whole request, the card around the text included:
		// https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
		limit:     27000,
		cost:      bytesInJSON,
		encode:    encodeTeams,
		mediaType: jsonType,
	},
	{
		format:     "mattermost",
		recognises: never,
		escape:     escapeMattermost,
		limit:      16383, // https://docs.mattermost.com/end-user-guide/collaborate/format-messages.html
		cost:       oneCharacter,
		encode:     encodeTextKey,
		mediaType:  jsonType,
	},
	{
		format:     "rocketchat",
		recognises: never,
		escape:     escapeRocketChat,
		// The default of its setting Message_MaxAllowedSize, as JavaScript
		// measures strings.
		limit:     5000,
		cost:      unitsInUTF16,
		encode:    encodeRocketChat,
		mediaType: jsonType,
	},
	{
		format:     "telegram",
		recognises: isTelegram,
		missing:    missingForTelegram,
		escape:     escapeTelegram,
		limit:      4096, // https://core.telegram.org/bots/api#sendmessage
		cost:       unitsInUTF16,
		encode:     encodeTelegram,
		mediaType:  jsonType,
		refused:    "For Telegram, check also chat_id, and that the bot is in that chat.",
	},
	{
		format:     "gotify",
		recognises: isGotify,
		escape:     breakAppLinks,
		encode:     encodeGotify,
		mediaType:  jsonType,
	},
	{
		format:     "ntfy",
		recognises: isNtfy,
		escape:     breakAppLinks,
		limit:      4095, // from 4,096 on, it makes an attachment of a text: https://docs.ntfy.sh/publish/#limitations
		cost:       bytesInUTF8,
		encode:     encodeText,
		mediaType:  textType,
	},
	{
		format:     "wecom",
		recognises: isWeCom,
		escape:     escapeWeCom,
		limit:      2048, // https://developer.work.weixin.qq.com/document/path/91770
		cost:       bytesInUTF8,
		encode:     encodeWeCom,
		mediaType:  jsonType,
		codes:      []string{"errcode"},
		slow:       []int64{45009}, // https://developer.work.weixin.qq.com/document/path/90313
	},
	{
		format:     "dingtalk",
		recognises: isDingTalk,
		escape:     breakLinks,
		// 20,000 bytes for the whole request; beyond them it answers 460101.
		limit:     19000,
		cost:      bytesInJSON,
		encode:    encodeDingTalk,
		mediaType: jsonType,
		codes:     []string{"errcode"},
		slow:      []int64{130101, 410100}, // https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
	},
	{
		format:     "feishu",
		recognises: isFeishu,
		escape:     escapeFeishu,
		// 20 KB for the whole request:
		// https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
		limit:     19000,
		cost:      bytesInJSON,
		encode:    encodeFeishu,
		mediaType: jsonType,
		codes:     []string{"code", "StatusCode"},
		slow:      []int64{11232}, // a frequency limit, of the robot or of all at once
	},
}
