package receiver

// WeCom's group robots.

import (
	"net/url"
	"strings"
)

// wecomEscapes part `<@user>`, which WeCom reads as a mention, from its bracket.
// It knows no escape, so a zero-width space has to do it.
// https://developer.work.weixin.qq.com/document/path/91770
var wecomEscapes = strings.NewReplacer(
	"://", ": //", // no stranger posts a link to click
	"<", "<\u200b",
)

func escapeWeCom(field string) string { return wecomEscapes.Replace(field) }

func isWeCom(host string, target *url.URL) bool {
	return host == "qyapi.weixin.qq.com" && target.Path == "/cgi-bin/webhook/send"
}

func encodeWeCom(c *content) []byte {
	return toJSON(map[string]interface{}{
		"msgtype": "text",
		"text":    map[string]interface{}{"content": c.text},
	})
}
