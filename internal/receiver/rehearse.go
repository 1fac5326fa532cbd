package receiver

// This package's part in the rehearsal.

import (
	"net/url"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// rehearsals are URLs that all that recognise one look at to the end.
var rehearsals = []string{
	"https://rehearsal.invalid/workflows/message",
	"https://rehearsal.invalid/workflows/message?token=1",
	"https://hooks.slack.com/",
	"https://discord.com/api/webhooks/1/x/slack",
	"https://discord.com/api/webhooks/1/x",
	"https://api.telegram.org/bot1",
	"https://api.telegram.org/bot1/sendMessage?chat_id=1&text=1",
	"https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
	"https://oapi.dingtalk.com/robot/send",
	"https://open.feishu.cn/open-apis/bot/v2/hook/1",
}

// Rehearse walks every row on its own, and every URL of its kind.
func Rehearse() {
	text, _ := message.Parse("{name}", []string{"name"})
	fields := map[string]string{"name": "*\u00fc\"🎉\u200d🎉\\ <@x> &"}
	target, _ := url.Parse(rehearsals[0])
	for _, r := range rows {
		_ = Encode(Choose(r.format, target), text, fields)
		_ = r.recognises("", target)
		escaped := r.escape(fields["name"])
		if r.cost != nil {
			_ = fit(escaped+escaped, 20, r.cost)
		}
	}
	for _, address := range rehearsals {
		target, _ = url.Parse(address)
		_ = Encode(Choose(Auto, target), text, fields)
		_ = Word(Auto, target)
		_ = Missing(Auto, "", target)
		_ = Missing(Auto, "{}", target)
	}
	_ = Formats()
	_ = Needs(jsonFormat)
	for _, contentType := range []string{"application/json", "application/x-ndjson", "application/json-seq", "-"} {
		body := Custom(Choose(Auto, target), text, contentType, text, fields)
		_ = Malformed(contentType, body.Data)
	}
}
