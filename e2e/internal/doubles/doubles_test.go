package doubles

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

const (
	inJSON = "application/json"
	inText = "text/plain; charset=utf-8"
	agent  = "DiscordBot (https://example.org, 1)"
)

// mediaOf is what a service's own body is.
func mediaOf(s Service) string {
	if json.Valid([]byte(s.Own)) {
		return inJSON
	}

	return inText
}

// saying is a service's own body with other words.
func saying(s Service, words string) string {
	if mediaOf(s) == inJSON {
		words = strings.Trim(quote(words), `"`)
	}

	return strings.Replace(s.Own, "Tim", words, 1)
}

// post sends a request to a double and returns status and answer.
func post(t *testing.T, d *Double, method, target, media, body string) (int, string, http.Header) {
	t.Helper()

	server := httptest.NewServer(d)
	defer server.Close()

	req, err := http.NewRequestWithContext(t.Context(), method, d.Target(server.URL), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	if target != "" {
		if req, err = http.NewRequestWithContext(t.Context(), method, server.URL+target, strings.NewReader(body)); err != nil {
			t.Fatal(err)
		}
	}

	req.Header.Set("Content-Type", media)
	req.Header.Set("User-Agent", agent)

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()

	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}

	return res.StatusCode, string(answer), res.Header
}

func TestEachTakesItsOwn(t *testing.T) {
	for _, service := range Services() {
		if service.Own == "" || service.Most == 0 {
			t.Errorf("%s: got: own body %q, most %d, want: Own and Most filled in", service.Name, service.Own, service.Most)
			continue
		}

		d := service.New()

		status, answer, _ := post(t, d, http.MethodPost, "", mediaOf(d.Service), d.Own)
		if status > 299 {
			t.Errorf("%s: got: %d %s, want: a success", d.Name, status, answer)
		}

		got := d.Notices()
		if len(got) != 1 || got[0].Text != "Tim" || !got[0].Harmless() {
			t.Errorf("%s: got: %+v, want: Tim alone", d.Name, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	const nobody = 0

	long := strings.Repeat("x", 40<<10)
	tests := []struct {
		desc    string
		service string
		method  string
		target  string
		media   string
		body    string
		status  int
		answer  string // a part of it
		shown   int
	}{
		{desc: "text", service: "slack", media: inText, body: "Tim", status: 400, answer: "invalid_payload"},
		{desc: "broken JSON", service: "slack", body: `{"text":`, status: 400, answer: "invalid_payload"},
		{desc: "no text", service: "slack", body: `{"content":"Tim"}`, status: 400, answer: "no_text"},
		{desc: "text that is none", service: "slack", body: `{"text":{"content":"Tim"}}`, status: 400, answer: "invalid_payload"},
		{desc: "another path", service: "slack", target: "/services/T/B/x", body: `{"text":"Tim"}`, status: 404, answer: "no_service"},
		{desc: "another method", service: "slack", method: "PUT", body: `{"text":"Tim"}`, status: 400, answer: "invalid_payload"},

		{desc: "text", service: "discord", media: inText, body: "Tim", status: 400, answer: `"code":50006`},
		{desc: "broken JSON", service: "discord", body: `{`, status: 400, answer: `"code":50109`},
		{desc: "Slack's key", service: "discord", body: `{"text":"Tim"}`, status: 400, answer: `"code":50006`},
		{desc: "too long", service: "discord", body: `{"content":"` + long[:2001] + `"}`, status: 400, answer: "BASE_TYPE_MAX_LENGTH"},
		{desc: "as long as may be", service: "discord", body: `{"content":"` + strings.Repeat("🎉", 2000) + `"}`, status: 200, answer: `"content"`, shown: 1},
		{desc: "an unknown id", service: "discord", target: "/api/webhooks/1/x", body: discord.Own, status: 404, answer: `"code":10015`},
		{desc: "another token", service: "discord", target: discordID + "x", body: discord.Own, status: 401, answer: `"code":50027`},
		{desc: "another thread", service: "discord", target: discordID + discordToken + "?thread_id=2", body: discord.Own, status: 400, answer: `"code":10003`},
		{desc: "without waiting", service: "discord", target: discordID + discordToken, body: discord.Own, status: 204, shown: 1},
		{desc: "another method", service: "discord", method: "GET", status: 405, answer: "405: Method Not Allowed"},
		{desc: "Discord's key at Slack's path", service: "discord for Slack's body", body: discord.Own, status: 400, answer: `"code":50006`},

		{desc: "text", service: "googlechat", media: inText, body: "Tim", status: 400, answer: "INVALID_ARGUMENT"},
		{desc: "an unknown key", service: "googlechat", body: `{"text":"Tim","unfurl_links":false}`, status: 400, answer: `Unknown name \"unfurl_links\"`},
		{desc: "as long as may be", service: "googlechat", body: `{"text":"` + long[:32000] + `"}`, status: 200, shown: 1},
		{desc: "too many bytes", service: "googlechat", body: `{"text":"` + strings.Repeat("ü", 16001) + `"}`, status: 400, answer: "too long"},
		{desc: "a wrong key", service: "googlechat", target: "/v1/spaces/AAAAAAAAAAA/messages?key=x&token=google-token", body: `{"text":"Tim"}`, status: 400, answer: "API key not valid"},
		{desc: "a wrong token", service: "googlechat", target: "/v1/spaces/AAAAAAAAAAA/messages?key=google-key&token=x", body: `{"text":"Tim"}`, status: 401, answer: "UNAUTHENTICATED"},
		{desc: "another space", service: "googlechat", target: "/v1/spaces/B/messages", body: `{"text":"Tim"}`, status: 404, answer: "NOT_FOUND"},

		{desc: "text", service: "teams", media: inText, body: "Tim", status: 400, answer: "TriggerInputSchemaMismatch"},
		{desc: "no signature", service: "teams", target: teamsPath, body: card("Tim"), status: 401, answer: "signature"},
		{desc: "another flow", service: "teams", target: "/workflows/x", body: card("Tim"), status: 404, answer: "WorkflowNotFound"},
		{desc: "no card", service: "teams", body: `{"text":"Tim"}`, status: 202, shown: nobody},
		{desc: "an unknown version", service: "teams", body: strings.Replace(card("Tim"), "1.2", "1.9", 1), status: 202, shown: nobody},
		{desc: "too long", service: "teams", body: card(long), status: 202, shown: nobody},

		{desc: "text", service: "mattermost", media: inText, body: "Tim", status: 400, answer: "parse_data"},
		{desc: "JSON under another name", service: "mattermost", media: inText, body: `{"text":"Tim"}`, status: 200, answer: "ok", shown: 1},
		{desc: "no text", service: "mattermost", body: `{"content":"Tim"}`, status: 400, answer: "No text specified"},
		{desc: "text that is none", service: "mattermost", body: `{"text":5}`, status: 400, answer: "parse_data"},
		{desc: "another hook", service: "mattermost", target: "/hooks/y", body: `{"text":"Tim"}`, status: 400, answer: "Invalid webhook"},
		{desc: "another method", service: "mattermost", method: "GET", status: 404},

		{desc: "text", service: "rocketchat", media: inText, body: "Tim", status: 200, answer: `"success":true`, shown: nobody},
		{desc: "no text", service: "rocketchat", body: `{"content":"Tim"}`, status: 200, shown: nobody},
		{desc: "another channel", service: "rocketchat", body: `{"text":"Tim","channel":"#x"}`, status: 400, answer: "overriding"},
		{desc: "a wrong token", service: "rocketchat", target: "/hooks/x/y", body: `{"text":"Tim"}`, status: 400, answer: "Invalid integration"},
		{desc: "text that is none", service: "rocketchat", body: `{"text":{}}`, status: 400, answer: "Match error"},

		{desc: "text", service: "telegram", media: inText, body: "Tim", status: 400, answer: "message text is empty"},
		{desc: "no chat", service: "telegram", target: "/bot123456:telegram-token/sendMessage", body: `{"text":"Tim"}`, status: 400, answer: "chat_id is empty"},
		{desc: "a number for a chat", service: "telegram", target: "/bot123456:telegram-token/sendMessage", body: `{"chat_id":-1001234567890,"text":"Tim"}`, status: 200, shown: 1},
		{desc: "another number", service: "telegram", target: "/bot123456:telegram-token/sendMessage", body: `{"chat_id":5,"text":"Tim"}`, status: 400, answer: "chat not found"},
		{desc: "another chat", service: "telegram", target: "/bot123456:telegram-token/sendMessage?chat_id=5", body: `{"text":"Tim"}`, status: 400, answer: "chat not found"},
		{desc: "a revoked token", service: "telegram", target: "/bot1:x/sendMessage?chat_id=5", body: `{"text":"Tim"}`, status: 401, answer: "Unauthorized"},
		{desc: "another path", service: "telegram", target: "/bot123456:telegram-token/send", body: `{"text":"Tim"}`, status: 404, answer: "Not Found"},
		{desc: "too long", service: "telegram", body: `{"text":"` + strings.Repeat("🎉", 2049) + `"}`, status: 400, answer: "too long"},
		{desc: "as long as may be", service: "telegram", body: `{"text":"` + strings.Repeat("🎉", 2048) + `"}`, status: 200, shown: 1},

		{desc: "text", service: "gotify", media: inText, body: "Tim", status: 400, answer: "'message' is required"},
		{desc: "no message", service: "gotify", body: `{"text":"Tim"}`, status: 400, answer: "'message' is required"},
		{desc: "no token", service: "gotify", target: "/message", body: gotify.Own, status: 401, answer: "access token"},

		{desc: "a wrong token", service: "ntfy", target: "/accounts?auth=x", media: inText, body: "Tim", status: 403, answer: "40301"},
		{desc: "so long that it is a file", service: "ntfy", media: inText, body: long[:4096], status: 200, answer: "attachment.txt", shown: 1},

		{desc: "text", service: "wecom", media: inText, body: "Tim", status: 200, answer: `"errcode":47001`},
		{desc: "another type", service: "wecom", body: `{"text":"Tim"}`, status: 200, answer: `"errcode":40008`},
		{desc: "too many bytes", service: "wecom", body: `{"msgtype":"text","text":{"content":"` + strings.Repeat("ü", 1025) + `"}}`, status: 200, answer: `"errcode":40058`},
		{desc: "a wrong key", service: "wecom", target: "/cgi-bin/webhook/send?key=x", body: weCom.Own, status: 200, answer: `"errcode":93000`},

		{desc: "text", service: "dingtalk", media: inText, body: "Tim", status: 200, answer: `"errcode":43004`},
		{desc: "another type", service: "dingtalk", body: `{"text":"Tim"}`, status: 200, answer: `"errcode":400105`},
		{desc: "too long", service: "dingtalk", body: `{"msgtype":"text","text":{"content":"` + long[:20000] + `"}}`, status: 200, answer: `"errcode":460101`},
		{desc: "a wrong token", service: "dingtalk", target: "/robot/send?access_token=x", body: dingTalk.Own, status: 200, answer: `"errcode":300005`},

		{desc: "text", service: "feishu", media: inText, body: "Tim", status: 200, answer: `"code":9499`},
		{desc: "DingTalk's keys", service: "feishu", body: dingTalk.Own, status: 200, answer: `"code":19002`},
		{desc: "too long", service: "feishu", body: `{"msg_type":"text","content":{"text":"` + long[:20<<10] + `"}}`, status: 200, answer: `"code":9499`},
		{desc: "a wrong token", service: "feishu", target: "/open-apis/bot/v2/hook/x", body: feishu.Own, status: 200, answer: `"code":19001`},

		{desc: "text", service: "zulip", media: inText, body: "Tim", status: 400, answer: "payload"},
		{desc: "a wrong key", service: "zulip", target: "/api/v1/external/slack_incoming?api_key=x", body: `{"text":"Tim"}`, status: 401, answer: "INVALID_API_KEY"},
		{desc: "no text", service: "zulip", body: `{"content":"Tim"}`, status: 200, shown: nobody},

		{desc: "another hook", service: "hookshot", target: "/webhook/x", body: `{"text":"Tim"}`, status: 404, answer: "Webhook not found"},
		{desc: "broken JSON", service: "hookshot", body: `{`, status: 400},
		{desc: "an unknown id", service: "homeassistant", target: "/api/webhook/x", body: homeAssistant.Own, status: 200, shown: nobody},
		{desc: "text", service: "homeassistant", media: inText, body: "Tim", status: 200, shown: nobody},
		{desc: "another method", service: "homeassistant", method: "GET", status: 405},
		{desc: "text under the name of JSON", service: "n8n", body: "Tim", status: 422},
		{desc: "a workflow that is not active", service: "n8n", target: "/webhook/x", body: n8n.Own, status: 404, answer: "not registered"},
	}
	asked := map[string]bool{}

	for _, test := range tests {
		asked[test.service] = true

		service, err := Find(test.service)
		if err != nil {
			t.Fatal(err)
		}

		if test.method == "" {
			test.method = http.MethodPost
		}

		if test.media == "" {
			test.media = inJSON
		}

		d := service.New()

		status, answer, _ := post(t, d, test.method, test.target, test.media, test.body)
		if status != test.status || !strings.Contains(answer, test.answer) || len(d.Notices()) != test.shown {
			t.Errorf("%s, %s: got: %d %.200s and %d notices, want: %d %s and %d", test.service, test.desc,
				status, answer, len(d.Notices()), test.status, test.answer, test.shown)
		}
	}

	for _, service := range Services() {
		if !asked[service.Name] {
			t.Errorf("%s: got: nothing that it refuses, want: a row at least", service.Name)
		}
	}
}

// A double must see what is to be kept away from people: a blind one would
// make every escaping look good.
func TestEachKindOfMarkupIsSeen(t *testing.T) {
	for _, service := range Services() {
		kinds := []struct {
			name  string
			words string
			seen  func(Notice) []string
		}{
			{name: "Ping", words: service.Markup.Ping, seen: func(n Notice) []string { return n.Pings }},
			{name: "Link", words: service.Markup.Link, seen: func(n Notice) []string { return n.Links }},
			{name: "Mark", words: service.Markup.Mark, seen: func(n Notice) []string { return n.Marks }},
		}
		for _, kind := range kinds {
			switch kind.words {
			case None:
				continue
			case "":
				t.Errorf("%s: got: no Markup.%s, want: words that have this effect there, or None", service.Name, kind.name)
				continue
			}

			header := http.Header{"Content-Type": {mediaOf(service)}, "User-Agent": {agent}}

			got, err := service.Read(t, header, []byte(saying(service, kind.words+" Tim")))
			if err != nil {
				t.Error(err)
				continue
			}

			if len(kind.seen(got)) == 0 {
				t.Errorf("%s, Markup.%s: got: %+v of %q, want: that it is seen", service.Name, kind.name, got, kind.words)
			}
		}
	}
}

// What exactly is made of markup.
func TestMarkupTakesEffect(t *testing.T) {
	tests := []struct {
		service string
		body    string // with %s for a JSON string, quotes and all
		words   string
		text    string
		pings   string
		links   string
		marks   string
	}{
		{service: "slack", body: `{"text":%s,"unfurl_links":false,"unfurl_media":false}`, words: "<!channel> <@U1> *b* _i_ ~s~ `c` <https://evil.example|x> &lt;",
			text: "<!channel> <@U1> *b* _i_ ~s~ `c` <https://evil.example|x> <", pings: "!channel @U1", links: "https://evil.example|x https://evil.example", marks: "code bold italic strike"},
		{service: "slack", body: `{"text":%s}`, words: "&gt; x", text: "> x", marks: "quote previews"},
		{service: "discord", body: `{"content":%s,"flags":4}`, words: `@everyone <@1> \@here **b** # \*x\*`, text: `@everyone <@1> @here **b** # *x*`, pings: "@everyone <@1>", marks: "bold italic mention mention"},
		{service: "discord", body: `{"content":%s}`, words: "# h https://evil.example", text: "# h https://evil.example", links: "https://evil.example", marks: "heading previews"},
		{service: "googlechat", body: `{"text":%s}`, words: "<users/all> *b* <https://evil.example|x>", text: "<users/all> *b* <https://evil.example|x>",
			pings: "users/all", links: "https://evil.example https://evil.example", marks: "bold"},
		{service: "teams", body: strings.Replace(card("%s"), `"%s"`, "%s", 1), words: "# h\n\n[x](https://evil.example) **b** \\*c\\* &amp; `d` www.evil.example",
			text: "h\nx b *c* & d www.evil.example", links: "https://evil.example http://www.evil.example", marks: "CodeSpan Emphasis Heading"},
		{service: "mattermost", body: `{"text":%s}`, words: `\@all <!here> 1. x ![x](https://evil.example/x.png)`, text: "@all @here 1. x x", pings: "@all @here", marks: "Image"},
		{service: "mattermost", body: `{"text":%s}`, words: "1. x\n2. @\u200ball", text: "x\n@\u200ball", marks: "List"},
		{service: "rocketchat", body: `{"text":%s,"parseUrls":false}`, words: `@all \*x\* *b* [x](http://evil.example)`, text: "@all *x* *b* [x](http://evil.example)", pings: "@all",
			links: "[x](http://evil.example) http://evil.example)", marks: "bold"},
		{service: "telegram", body: `{"text":%s}`, words: "hello @durov /start #tag $USD evil.com", text: "hello @durov /start #tag $USD evil.com", pings: " @durov", links: "evil.com",
			marks: "command cashtag hashtag previews"},
		{service: "gotify", body: `{"message":%s}`, words: "# https://evil.example", text: "# https://evil.example", links: "https://evil.example"},
		{service: "wecom", body: `{"msgtype":"text","text":{"content":%s}}`, words: "<@tim> <@all>", text: "<@tim> <@all>", pings: "<@tim> <@all>"},
		{service: "dingtalk", body: `{"msgtype":"text","text":{"content":%s},"at":{"isAtAll":true}}`, words: "x", text: "x", pings: "at"},
		{service: "feishu", body: `{"msg_type":"text","content":{"text":%s}}`, words: `<at user_id="all"></at> <b>x</b>`, text: `<at user_id="all"></at> <b>x</b>`, pings: `<at user_id="all">`, marks: "style"},
		{service: "zulip", body: `{"text":%s}`, words: "@**all** &lt;", text: "@**all** <", pings: "@**all**", marks: "bold or italic"},
		{service: "zulip", body: `{"text":%s}`, words: "# _i_ ~~s~~ `c` :fire: $$x$$ [x](//evil) evil.com ||s|| &lt;time:2020-01-01&gt;", text: "# _i_ ~~s~~ `c` :fire: $$x$$ [x](//evil) evil.com ||s|| <time:2020-01-01>",
			links: "[x](//evil) evil.com", marks: "code italic strike heading emoji formula time spoiler"},
		{service: "zulip", body: `{"text":%s}`, words: "/me > x @_all_ ![x](y)", text: "/me > x @_all_ ![x](y)", pings: "@_all_", links: "![x](y)", marks: "italic command"},
		{service: "zulip", body: `{"text":%s}`, words: "&gt; x\n- y\n1. z", text: "> x\n- y\n1. z", marks: "list quote"},
		{service: "hookshot", body: `{"text":%s}`, words: "[x](//evil.example) **b** `c` ![x](//evil.example/x.png) @room &lt;", text: "x b c x @room <", pings: "@room",
			links: "//evil.example", marks: "CodeSpan Emphasis Image"},
	}
	for _, test := range tests {
		service, err := Find(test.service)
		if err != nil {
			t.Fatal(err)
		}

		header := http.Header{"Content-Type": {inJSON}, "User-Agent": {agent}}

		got, err := service.Read(t, header, []byte(fmt.Sprintf(test.body, quote(test.words))))
		if err != nil {
			t.Error(err)
			continue
		}

		parts := []string{got.Text, strings.Join(got.Pings, " "), strings.Join(got.Links, " "), strings.Join(got.Marks, " ")}
		want := []string{test.text, test.pings, test.links, test.marks}

		if !slices.Equal(parts, want) {
			t.Errorf("%s, %s: got: %q, want: %q", test.service, test.words, parts, want)
		}
	}
}

func TestLimit(t *testing.T) {
	for _, service := range Services() {
		if !service.GetsBusy() || service.Own == "" {
			continue
		}

		d := service.New()
		d.Limit(1)

		_, busy, _ := post(t, d, http.MethodPost, "", mediaOf(d.Service), d.Own)
		if len(d.Notices()) != 0 || busy == "" {
			t.Errorf("%s: got: %q and %d notices, want: no notice", d.Name, busy, len(d.Notices()))
		}

		if _, _, _ = post(t, d, http.MethodPost, "", mediaOf(d.Service), d.Own); len(d.Notices()) != 1 {
			t.Errorf("%s: got: %d notices after the limit, want: 1", d.Name, len(d.Notices()))
		}
	}
}
