package receiver

import (
	"net/url"
	"strings"
)

// angles part `<@user>`, which WeCom reads as a mention, from its bracket. It
// knows no escape, so a zero-width space has to do it.
// https://developer.work.weixin.qq.com/document/path/91770
var angles = strings.NewReplacer(
	"://", ": //", // no stranger posts a link to click
	"<", "<\u200b",
)

func escapeAngles(field string) string { return angles.Replace(field) }

func isWeCom(host string, target *url.URL) bool {
	return host == "qyapi.weixin.qq.com" && target.Path == "/cgi-bin/webhook/send"
}

func encodeWeCom(c *content) []byte {
	return toJSON(map[string]interface{}{
		"msgtype": "text",
		"text":    map[string]interface{}{"content": c.text},
	})
}

func isDingTalk(host string, target *url.URL) bool {
	return host == "oapi.dingtalk.com" && target.Path == "/robot/send"
}

// encodeDingTalk names nobody in "at", without which nobody is alerted:
// https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
func encodeDingTalk(c *content) []byte {
	return toJSON(map[string]interface{}{
		"msgtype": "text",
		"text":    map[string]interface{}{"content": c.text},
		"at":      map[string]interface{}{"isAtAll": false},
	})
}

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
