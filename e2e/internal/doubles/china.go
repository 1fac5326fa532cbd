package doubles

import (
	"fmt"
	"net/http"
	"regexp"
)

// The three services here answer 200 to everything; a code tells how it went.
// Of codes other than 0 and those for too many requests, all that matters is
// that they are neither; their numbers are as users report them.

// weCom takes messages for a group's robot: https://developer.work.weixin.qq.com/document/path/91770
var weCom = Service{
	Name:    "wecom",
	URL:     "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-0000-0000-000000000000",
	Formats: []string{"wecom"},
	Own:     `{"msgtype":"text","text":{"content":"Tim"}}`,
	Most:    2048,
	Markup:  Markup{Ping: "<@all>", Link: "https://evil.example", Mark: None},
	take:    takeWeCom,
	// 20 a minute: the same page
	busy: errcode(45009, "api freq out of limit"),
}

// Codes: https://developer.work.weixin.qq.com/document/path/90313
func errcode(code int, message string) reply {
	return says(http.StatusOK, fmt.Sprintf(`{"errcode":%d,"errmsg":%s}`, code, quote(message)))
}

func takeWeCom(r request) reply {
	switch {
	case r.path != "/cgi-bin/webhook/send":
		return plainly(http.StatusNotFound, "404 page not found")
	case r.query.Get("key") != "00000000-0000-0000-0000-000000000000":
		return errcode(93000, "invalid webhook url")
	case r.method != http.MethodPost:
		return errcode(43002, "require POST method")
	}

	object, err := r.object()
	if err != nil {
		return errcode(47001, "data format error")
	}

	words, isText := field(inner(object, "text"), "content")

	switch {
	case object["msgtype"] != "text":
		return errcode(40008, "invalid message type")
	case !isText || inner(object, "text") == nil:
		return errcode(40058, "invalid Request Parameter")
	case blank(words):
		return errcode(44004, "content size out of limit, content is empty")
	case len(words) > 2048: // bytes: the page above
		return errcode(40058, "content exceed max length. invalid Request Parameter")
	}

	notice := Notice{Text: words}
	notice.link(words, bareURL)
	notice.ping(words, weComMention)

	return showing(http.StatusOK, `{"errcode":0,"errmsg":"ok"}`, notice)
}

var weComMention = regexp.MustCompile(`<@[^<>\s]+>`)

// dingTalk takes messages for a group's robot: https://open.dingtalk.com/document/robots/custom-robot-access
var dingTalk = Service{
	Name:    "dingtalk",
	URL:     "https://oapi.dingtalk.com/robot/send?access_token=dingtalk-token",
	Formats: []string{"dingtalk"},
	Own:     `{"msgtype":"text","text":{"content":"Tim"},"at":{"isAtAll":false}}`,
	Most:    19000,
	Markup:  Markup{Ping: None, Link: "https://evil.example", Mark: None}, // who is alerted stands beside the text
	take:    takeDingTalk,
	// 20 a minute, then ten minutes of nothing: the same page
	busy: errcode(410100, "发送速度太快而限流"),
}

func takeDingTalk(r request) reply {
	switch {
	case r.path != "/robot/send":
		return plainly(http.StatusNotFound, "Not Found")
	case r.query.Get("access_token") != "dingtalk-token":
		return errcode(300005, "token is not exist")
	case r.method != http.MethodPost:
		return errcode(43002, "require POST method")
	case !r.isJSON():
		return errcode(43004, "无效的HTTP HEADER Content-Type")
	}

	object, err := r.object()
	if err != nil {
		return errcode(40035, "缺少参数 json")
	}

	words, isText := field(inner(object, "text"), "content")

	switch {
	case object["msgtype"] != "text":
		return errcode(400105, "不支持的消息类型")
	case !isText || blank(words):
		return errcode(40035, "缺少参数 text.content")
	case len(r.body) > 20000: // bytes: https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
		return errcode(460101, "message too long, exceed 20000 bytes")
	}

	// Nobody is alerted by what stands in the text.
	notice := Notice{Text: words}
	notice.link(words, bareURL)

	at := inner(object, "at")
	if at["isAtAll"] == true || at["atMobiles"] != nil || at["atUserIds"] != nil {
		notice.Pings = append(notice.Pings, "at")
	}

	return showing(http.StatusOK, `{"errcode":0,"errmsg":"ok"}`, notice)
}

const feishuPath = "/open-apis/bot/v2/hook/00000000-0000-0000-0000-000000000000"

// feishu, Lark elsewhere, takes messages for a group's robot:
// https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
var feishu = Service{
	Name:    "feishu",
	URL:     "https://open.feishu.cn" + feishuPath,
	Formats: []string{"feishu"},
	Own:     `{"msg_type":"text","content":{"text":"Tim"}}`,
	Most:    19000,
	Markup:  Markup{Ping: `<at user_id="all"></at>`, Link: "https://evil.example", Mark: "<b>x</b>"},
	take:    takeFeishu,
	// 100 a minute and 5 a second: the same page
	busy: feishuCode(11232, "frequency limited, create message trigger system frequency limit"),
}

func feishuCode(code int, message string) reply {
	return says(http.StatusOK, fmt.Sprintf(`{"code":%d,"data":{},"msg":%s}`, code, quote(message)))
}

func takeFeishu(r request) reply {
	if r.path != feishuPath {
		return feishuCode(19001, "param invalid: incoming webhook access token invalid")
	}

	object, err := r.object()
	words, isText := field(inner(object, "content"), "text")

	switch {
	case r.method != http.MethodPost || !r.isJSON() || err != nil:
		return feishuCode(9499, "Bad Request")
	case object["msg_type"] == nil:
		return feishuCode(19002, "params error, msg_type need")
	case object["msg_type"] != "text" || !isText || blank(words):
		return feishuCode(19002, "params error, text need")
	case len(r.body) > 20<<10: // the whole request: the page above
		return feishuCode(9499, "Bad Request")
	}

	notice := Notice{Text: words}
	notice.link(words, bareURL)
	notice.ping(words, feishuMention)
	notice.look(words, feishuMarks)

	return showing(http.StatusOK, `{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}`, notice)
}

var (
	feishuMention = regexp.MustCompile(`<at\s+(user_id|id|email|open_id)\s*=\s*[^<>]*>`)

	// Messages of text have these styles:
	// https://open.feishu.cn/document/server-docs/im-v1/message-content-description/create_json
	feishuMarks = []mark{
		{"style", regexp.MustCompile(`</?[biusBIUS]>`)},
		{"link", regexp.MustCompile(`\[[^\]\n]+\]\(https?://[^)\s]+\)`)},
	}
)
