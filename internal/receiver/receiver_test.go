package receiver

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

const (
	slackBody      = `{"mrkdwn":false,"text":"+Tim","unfurl_links":false,"unfurl_media":false}`
	discordBody    = `{"allowed_mentions":{"parse":[]},"content":"+Tim","flags":4}`
	keyBody        = `{"text":"+Tim"}`
	teamsBody      = `{"attachments":[{"content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","body":[{"text":"+Tim","type":"TextBlock","wrap":true}],"type":"AdaptiveCard","version":"1.4"},"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null}],"type":"message"}`
	rocketChatBody = `{"parseUrls":false,"text":"+Tim"}`
	telegramBody   = `{"chat_id":"-7","link_preview_options":{"is_disabled":true},"text":"+Tim"}`
	gotifyBody     = `{"message":"+Tim","title":"Open WebUI"}`
	weComBody      = `{"msgtype":"text","text":{"content":"+Tim"}}`
	dingTalkBody   = `{"at":{"isAtAll":false},"msgtype":"text","text":{"content":"+Tim"}}`
	feishuBody     = `{"content":{"text":"+Tim"},"msg_type":"text"}`
	jsonBody       = `{"data":{"email":"","id":"","message":"+Tim","name":"Tim","role":""},"timestamp":"","type":"signup"}`
)

func TestEncode(t *testing.T) {
	tests := []struct {
		desc   string
		format string
		target string
		want   string
		word   string
	}{
		{desc: "any URL", format: "auto", target: "https://hooks.example/x", want: "+Tim", word: "text"},
		{desc: "Slack's", format: "auto", target: "https://hooks.slack.com/services/T/B/x", want: slackBody, word: "slack"},
		{desc: "Slack's in upper case, with a port", format: "auto", target: "https://HOOKS.Slack.com:443/services/T/B/x", want: slackBody, word: "slack"},
		{desc: "Slack's for governments", format: "auto", target: "https://hooks.slack-gov.com/services/T/B/x", want: slackBody, word: "slack"},
		{desc: "Slack's workflows", format: "auto", target: "https://hooks.slack.com/workflows/x", want: slackBody, word: "slack"},
		{desc: "Slack's triggers", format: "auto", target: "https://hooks.slack.com/triggers/x", want: slackBody, word: "slack"},
		{desc: "another path of Slack's", format: "auto", target: "https://hooks.slack.com/x", want: "+Tim", word: "text"},
		{desc: "Slack's with a dot behind the host", format: "auto", target: "https://hooks.slack.com./services/T/B/x", want: slackBody, word: "slack"},
		{desc: "Slack's with a doubled slash", format: "auto", target: "https://hooks.slack.com//services//T/B/x", want: slackBody, word: "slack"},
		{desc: "a host that only ends like Slack's", format: "auto", target: "https://xhooks.slack.com/services/x", want: "+Tim", word: "text"},
		{desc: "Discord's", format: "auto", target: "https://discord.com/api/webhooks/1/x?thread_id=2", want: discordBody, word: "discord"},
		{desc: "Discord's old host", format: "auto", target: "https://discordapp.com/api/webhooks/1/x", want: discordBody, word: "discord"},
		{desc: "Discord's canary", format: "auto", target: "https://canary.discord.com/api/webhooks/1/x", want: discordBody, word: "discord"},
		{desc: "Discord's test build", format: "auto", target: "https://ptb.discord.com/api/webhooks/1/x", want: discordBody, word: "discord"},
		{desc: "Discord's for Slack's body", format: "auto", target: "https://discord.com/api/webhooks/1/x/slack", want: slackBody, word: "slack"},
		{desc: "Discord's with a version", format: "auto", target: "https://discord.com/api/v10/webhooks/1/x", want: discordBody, word: "discord"},
		{desc: "Discord's for Slack's body, with a version", format: "auto", target: "https://discord.com/api/v9/webhooks/1/x/slack/?wait=true", want: slackBody, word: "slack"},
		{desc: "Discord's with more slashes", format: "auto", target: "https://discord.com//api/webhooks/1/x/", want: discordBody, word: "discord"},
		{desc: "Discord's for GitHub's body", format: "auto", target: "https://discord.com/api/webhooks/1/x/github", want: "+Tim", word: "text"},
		{desc: "another path of Discord's", format: "auto", target: "https://discord.com/x", want: "+Tim", word: "text"},
		{desc: "Discord's without a key", format: "auto", target: "https://discord.com/api/webhooks/1", want: "+Tim", word: "text"},
		{desc: "Google Chat's", format: "auto", target: "https://chat.googleapis.com/v1/spaces/A/messages?key=x&token=y", want: keyBody, word: "googlechat"},
		{desc: "a Teams workflow's", format: "auto", target: "https://prod-1.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=x", want: teamsBody, word: "teams"},
		{desc: "a newer Teams workflow's", format: "auto", target: "https://a.b.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/x/triggers/manual/paths/invoke?sig=x", want: teamsBody, word: "teams"},
		{desc: "a Teams workflow's with a slash at its end", format: "auto", target: "https://gateway.example/workflows/x/triggers/manual/paths/invoke/?sig=x", want: teamsBody, word: "teams"},
		{desc: "a Teams workflow behind another host", format: "auto", target: "https://gateway.example/workflows/x/triggers/manual/paths/invoke", want: teamsBody, word: "teams"},
		{desc: "Telegram's", format: "auto", target: "https://api.telegram.org/bot1:x/sendMessage?chat_id=-7", want: telegramBody, word: "telegram"},
		{desc: "Gotify's", format: "auto", target: "https://push.example/message?token=x", want: gotifyBody, word: "gotify"},
		{desc: "Gotify's with a slash at its end", format: "auto", target: "https://push.example/message/?token=x", want: gotifyBody, word: "gotify"},
		{desc: "like Gotify's, without a token", format: "auto", target: "https://push.example/message", want: "+Tim", word: "text"},
		{desc: "ntfy's", format: "auto", target: "https://ntfy.sh/topic", want: "+Tim", word: "ntfy"},
		{desc: "WeCom's", format: "auto", target: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", want: weComBody, word: "wecom"},
		{desc: "WeCom's with a slash at its end", format: "auto", target: "https://qyapi.weixin.qq.com./cgi-bin/webhook/send/?key=x", want: weComBody, word: "wecom"},
		{desc: "DingTalk's with a slash at its end", format: "auto", target: "https://oapi.dingtalk.com/robot/send/?access_token=x", want: dingTalkBody, word: "dingtalk"},
		{desc: "DingTalk's", format: "auto", target: "https://oapi.dingtalk.com/robot/send?access_token=x", want: dingTalkBody, word: "dingtalk"},
		{desc: "Feishu's", format: "auto", target: "https://open.feishu.cn/open-apis/bot/v2/hook/x", want: feishuBody, word: "feishu"},
		{desc: "Lark's", format: "auto", target: "https://open.larksuite.com/open-apis/bot/v2/hook/x", want: feishuBody, word: "feishu"},
		{desc: "the word goes before the URL", format: "text", target: "https://discord.com/api/webhooks/1/x", want: "+Tim", word: "text"},
		{desc: "slack by word", format: "slack", target: "http://chat.example/x", want: slackBody, word: "slack"},
		{desc: "discord by word", format: "discord", target: "http://chat.example/x", want: discordBody, word: "discord"},
		{desc: "googlechat by word", format: "googlechat", target: "http://chat.example/x", want: keyBody, word: "googlechat"},
		{desc: "teams by word", format: "teams", target: "http://chat.example/x", want: teamsBody, word: "teams"},
		{desc: "mattermost", format: "mattermost", target: "http://chat.example/x", want: keyBody, word: "mattermost"},
		{desc: "rocketchat", format: "rocketchat", target: "http://chat.example/x", want: rocketChatBody, word: "rocketchat"},
		{desc: "telegram by word", format: "telegram", target: "http://chat.example/bot1:x/sendMessage?chat_id=-7", want: telegramBody, word: "telegram"},
		{desc: "gotify by word", format: "gotify", target: "http://chat.example/x", want: gotifyBody, word: "gotify"},
		{desc: "ntfy by word", format: "ntfy", target: "http://chat.example/x", want: "+Tim", word: "ntfy"},
		{desc: "wecom by word", format: "wecom", target: "http://chat.example/x", want: weComBody, word: "wecom"},
		{desc: "dingtalk by word", format: "dingtalk", target: "http://chat.example/x", want: dingTalkBody, word: "dingtalk"},
		{desc: "feishu by word", format: "feishu", target: "http://chat.example/x", want: feishuBody, word: "feishu"},
		{desc: "json", format: "json", target: "http://chat.example/x", want: jsonBody, word: "json"},
	}
	text, _ := message.Parse("+{name}", []string{"name"})
	named := map[string]bool{Auto: true}
	for _, test := range tests {
		named[test.format] = true
		target := parsed(t, test.target)
		got := Encode(Choose(test.format, target), text, map[string]string{"name": "Tim", "event": "signup"})
		media := jsonType
		if test.want == "+Tim" {
			media = textType
		}
		if string(got.Data) != test.want || got.ContentType != media {
			t.Errorf("%s: got: %s %s, want: %s %s", test.desc, got.ContentType, got.Data, media, test.want)
		}
		if Word(test.format, target) != test.word {
			t.Errorf("%s: got: %s, want: %s", test.desc, Word(test.format, target), test.word)
		}
		agent := "signupwebhook "
		if test.want == discordBody || strings.Contains(test.target, "discord.com/api/") && (test.format != "auto" || test.word != "text") {
			agent = "DiscordBot ("
		}
		if !strings.HasPrefix(got.UserAgent, agent) {
			t.Errorf("%s: got: %q, want: %s…", test.desc, got.UserAgent, agent)
		}
	}
	for _, format := range Formats() {
		if !named[format] {
			t.Errorf("%s: got: no row with the word, want: one", format)
		}
	}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

const ofSlack = "https://hooks.slack.com/services/T/B/x"

// hostile is what strangers call themselves.
const hostile = `@everyone <!channel> [x](https://evil.example) **b** _i_ ~s~ #h & "q" \ :smile: www.evil.example`

func TestStrangers(t *testing.T) {
	tests := []struct {
		desc   string
		format string
		target string // "" for any
		name   string
		want   string // with ^ for a zero-width space
	}{
		{desc: "plain text is as it is", format: "text", name: hostile, want: hostile},
		{desc: "JSON too", format: "json", name: hostile, want: hostile},

		{desc: "mentions", format: "slack", target: ofSlack, name: "<!channel> & <@U1> @here", want: "&lt;!channel&gt; &amp; &lt;@U1&gt; @here"},
		{desc: "a link", format: "slack", target: ofSlack, name: "<https://evil.example|login>", want: "&lt;https: //evil.example|login&gt;"},
		{desc: "an entity", format: "slack", target: ofSlack, name: "&lt;!here&gt;", want: "&amp;lt;!here&amp;gt;"},
		{desc: "markup is switched off", format: "slack", target: ofSlack, name: "*b* _i_ ~s~ `c`", want: "*b* _i_ ~s~ `c`"},

		{desc: "elsewhere, mentions", format: "slack", name: "<!channel> & @room @**all** #**general**", want: "&lt;^!^channel^&gt; &amp;^ @^room @^∗∗all∗∗ #^∗∗general∗∗"},
		{desc: "elsewhere, links", format: "slack", name: "[x](https://evil.example) ![x](//evil)", want: "[^x]^(^https:^ /^/^evil.^example)^ !^[^x]^(^/^/^evil)^"},
		{desc: "elsewhere, markup", format: "slack", name: "# **b** _i_ ~~s~~ `c` ||p|| - 1. > $$x$$ :fire: \\[", want: "#^ ∗∗b∗∗ ˍiˍ ∼∼s∼∼ ˋcˋ |^|^p|^|^ -^ 1.^ ^&gt; $^$^x$^$^ :^fire:^ \\^[^"},
		{desc: "elsewhere, an entity", format: "slack", name: "&lt;", want: "&amp;^lt;"},
		{desc: "elsewhere, commands", format: "slack", name: "/me <time:2020-01-01>", want: "/^me &lt;^time:^2020-^01-^01^&gt;"},
		{desc: "elsewhere, an ordinary name", format: "slack", name: "Tim O'Neill", want: "Tim O'Neill"},

		{desc: "mentions", format: "discord", name: "@everyone <@1> <@&2> <#3>", want: `\@everyone \<\@1\> \<\@&2\> \<\#3\>`},
		{desc: "a link", format: "discord", name: "[login](https://evil.example)", want: `\[login\]\(https\: //evil\.example\)`},
		{desc: "markup", format: "discord", name: "# *a* _b_ ~c~ `d` ||e|| > - \\", want: "\\# \\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|\\|e\\|\\| \\> \\- \\\\"},
		{desc: "an emoji and a time", format: "discord", name: ":smile: <:x:1> <t:1:R>", want: `\:smile\: \<\:x\:1\> \<t\:1\:R\>`},
		{desc: "a list", format: "discord", name: "1. one", want: `1\. one`},
		{desc: "JSON in a name", format: "discord", name: `","content"x`, want: `","content"x`},

		{desc: "mentions", format: "googlechat", name: "<users/all> @all", want: "<^users/all>^ @^all"},
		{desc: "a link", format: "googlechat", name: "<https://evil.example|x> evil.example", want: "<^https: //evil.^example|x>^ evil.^example"},
		{desc: "markup", format: "googlechat", name: "*a* _b_ ~c~ `d`", want: "^*^a^*^ ^_^b^_^ ^~^c^~^ ˋdˋ"},

		{desc: "a link", format: "teams", name: "[x](https://evil.example) ![y](z)", want: `\[x\]\(https\: //evil\.example\) \!\[y\]\(z\)`},
		{desc: "markup", format: "teams", name: "# **a** __b__ `c` > - + 1. 2) ~~d~~", want: "\\# \\*\\*a\\*\\* \\_\\_b\\_\\_ \\`c\\` \\> \\- \\+ 1\\. 2\\) \\~\\~d\\~\\~"},
		{desc: "HTML and entities", format: "teams", name: "<b> &amp; <at>x</at>", want: `\<b\> \&amp; \<at\>x\</at\>`},
		{desc: "bare links", format: "teams", name: "www.evil.example tim@evil.example mailto:x", want: `www\.evil\.example tim\@evil\.example mailto\:x`},
		{desc: "a heading by its underline", format: "teams", name: "===", want: `\=\=\=`},
		{desc: "a date to work out", format: "teams", name: "{{DATE(2017-02-14T06:00:00Z)}}", want: `\{\{DATE\(2017\-02\-14T06\:00\:00Z\)\}\}`},

		{desc: "mentions", format: "mattermost", name: "@all @channel <!channel> <@U1>", want: `@^all @^channel <^\!channel\> <^@^U1\>`},
		{desc: "a link", format: "mattermost", name: "[x](https://evil.example) www.evil.example", want: `\[x\]\(https:^ //evil\.example\) www\.evil\.example`},
		{desc: "markup", format: "mattermost", name: "# *a* _b_ ~~c~~ `d` | > - 1.", want: "\\#^ \\*a\\* \\_b\\_ \\~^\\~^c\\~^\\~^ \\`d\\` \\| \\> \\- 1\\."},
		{desc: "tags, channels, emoji, formulas", format: "mattermost", name: "#tag ~town :smile: $x$ &amp;", want: `\#^tag \~^town :^smile:^ \$^x\$^ &^amp;^`},

		{desc: "mentions", format: "rocketchat", name: "@all @here", want: "@^all @^here"},
		{desc: "a link", format: "rocketchat", name: "[x](https://evil.example) evil.example", want: `[^x]^(^https:^ //evil\.example)^ evil\.example`},
		{desc: "markup", format: "rocketchat", name: "*a* _b_ ~c~ `d` # e", want: "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\#^ e"},
		{desc: "a quote", format: "rocketchat", name: "> q", want: "^> q"},
		{desc: "a backslash", format: "rocketchat", name: `\*a\*`, want: `\^\*a\^\*`},

		{desc: "what a client links", format: "telegram", name: "@tim_1 #tag /start $EUR evil.example", want: "@^tim_1 #^tag /^start $^EUR evil.^example"},
		{desc: "a link", format: "telegram", name: "https://evil", want: "https: /^/^evil"},
		{desc: "markup is off", format: "telegram", name: "*a* <b> [x](y)", want: "*a* <b> [x](y)"},

		{desc: "a link", format: "gotify", name: "https://evil.example", want: "https: //evil.^example"},
		{desc: "a link", format: "ntfy", name: "https://evil.example", want: "https: //evil.^example"},
		{desc: "a mention", format: "wecom", name: "<@all> https://x", want: "<^@all> https: //x"},
		{desc: "a link", format: "dingtalk", name: "@all https://x", want: "@all https: //x"},
		{desc: "a mention", format: "feishu", name: `<at user_id="all">x</at>`, want: `<^at user_id="all">x<^/at>`},
		{desc: "a link", format: "feishu", name: "[x](https://y) <b>z</b>", want: "[^x]^(https: //y) <^b>z<^/b>"},
	}
	text, _ := message.Parse("{name}", []string{"name"})
	named := map[string]bool{Auto: true}
	for _, test := range tests {
		named[test.format] = true
		target := "https://chat.example"
		if test.target != "" {
			target = test.target
		}
		body := Encode(Choose(test.format, parsed(t, target)), text, map[string]string{"name": test.name})
		got := strings.ReplaceAll(shown(t, body), "\u200b", "^")
		if got != test.want {
			t.Errorf("%s, %s: got: %q, want: %q", test.format, test.desc, got, test.want)
		}
	}
	for _, format := range Formats() {
		if !named[format] {
			t.Errorf("%s: got: no hostile name, want: one for each kind of its markup", format)
		}
	}
}

// shown is the text in a body.
func shown(t *testing.T, body Body) string {
	t.Helper()
	if body.ContentType == textType {
		return string(body.Data)
	}
	var found interface{}
	err := json.Unmarshal(body.Data, &found)
	if err != nil {
		t.Fatalf("%s: %v", body.Data, err)
	}
	for _, path := range []string{"data message", "attachments 0 content body 0 text", "text content", "content text", "message", "text", "content"} {
		text := follow(found, strings.Fields(path))
		if text != "" {
			return text
		}
	}
	return ""
}

// follow is the text at the end of a path; "" where there is none.
func follow(value interface{}, path []string) string {
	for _, key := range path {
		list, isList := value.([]interface{})
		if isList {
			value = list[0]
			continue
		}
		object, isObject := value.(map[string]interface{})
		if !isObject {
			return ""
		}
		value = object[key]
	}
	text, isText := value.(string)
	if !isText {
		return ""
	}
	return text
}

func TestFormats(t *testing.T) {
	words := Formats()
	times := map[string]int{}
	for _, word := range words {
		times[word]++
	}
	if len(words) < 2 || words[0] != Auto || words[1] != "text" {
		t.Errorf("got: %q, want: auto and text first", words)
	}
	for i := range rows {
		if times[rows[i].format] != 1 {
			t.Errorf("%s: got: %d times in %q, want: once", rows[i].format, times[rows[i].format], words)
		}
	}
	if len(times) != len(words) {
		t.Errorf("got: %q, want: each once", words)
	}
}

// A chat refuses an empty message for ever.
func TestABlankMessage(t *testing.T) {
	text, _ := message.Parse(" {email}\u200b", []string{"email"})
	for _, format := range Formats() {
		got := shown(t, Encode(Choose(format, parsed(t, "https://chat.example")), text, map[string]string{}))
		if strings.NewReplacer(`\`, "", "\u200b", "").Replace(got) != "(unbekannt)" {
			t.Errorf("%s: got: %q, want: (unbekannt)", format, got)
		}
	}
	body, _ := message.Parse(`{"text":"{message}"}`, []string{MessageField})
	got := Custom(Choose(Auto, parsed(t, "https://chat.example")), body, jsonType, text, nil)
	if string(got.Data) != `{"text":"(unbekannt)"}` {
		t.Errorf("got: %s, want: (unbekannt)", got.Data)
	}
}
