package receiver

// Feishu's and Lark's custom robots.

import (
	"net/url"
	"strings"
)

// feishuEscapes part the tags of a text, `<at user_id="all">` among them, and
// links from their brackets. Feishu knows no escape, so a zero-width space has
// to do it.
// https://open.feishu.cn/document/server-docs/im-v1/message-content-description/create_json
var feishuEscapes = strings.NewReplacer(
	"://", ": //", // no stranger posts a link to click
	"<", "<\u200b", "[", "[\u200b", "](", "]\u200b(", "*", "\u200b*\u200b", "~", "\u200b~\u200b",
)

func isFeishu(host string, target *url.URL) bool {
	if host != "open.feishu.cn" && host != "open.larksuite.com" {
		return false
	}
	return strings.HasPrefix(target.Path, "/open-apis/bot/v2/hook/")
}

func escapeFeishu(field string) string { return feishuEscapes.Replace(field) }

func encodeFeishu(c *content) []byte {
	return toJSON(map[string]interface{}{
		"msg_type": "text",
		"content":  map[string]interface{}{"text": c.text},
	})
}
