package sender

import (
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
)

// A receiver that says 200 to everything is judged by the code in its answer.
func TestSuccess(t *testing.T) {
	options := config.Defaults()
	options.WebhookURL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"
	used, problems := config.Check(options, "")
	if used == nil {
		t.Fatal(problems)
	}
	secrets, err := config.Read(used)
	if err != nil {
		t.Fatal(err)
	}
	got := Request(used, secrets, "msg_1", map[string]string{"name": "Tim"}, time.Unix(1700000000, 0))
	if len(got.Success.Codes) != 1 || got.Success.Codes[0] != "errcode" || len(got.Success.Slow) != 1 {
		t.Errorf("got: %v, want: WeCom's codes", got.Success)
	}
}

// What Telegram says no to is mostly the chat.
func TestRefused(t *testing.T) {
	for _, body := range []string{"", `{"chat_id":1,"text":"{message}"}`} {
		options := config.Defaults()
		options.WebhookURL = "https://api.telegram.org/bot1:x/sendMessage?chat_id=1"
		options.Body = body
		used, problems := config.Check(options, "")
		if used == nil {
			t.Fatal(problems)
		}
		secrets, err := config.Read(used)
		if err != nil {
			t.Fatal(err)
		}
		got := Request(used, secrets, "msg_1", map[string]string{"name": "Tim"}, time.Unix(1700000000, 0))
		if !strings.Contains(got.Success.Refused, "chat_id") {
			t.Errorf("body %q: got: %q, want: chat_id among what to check", body, got.Success.Refused)
		}
	}
}

func TestRequest(t *testing.T) {
	tests := []struct {
		desc   string
		change func(*config.Options)
		want   map[string]string // of its headers
		body   string
	}{
		{desc: "plain", change: func(_ *config.Options) {}, body: "Neuer Benutzer registriert: Tim", want: map[string]string{
			"Content-Type":      "text/plain; charset=utf-8",
			"Webhook-Id":        "msg_1",
			"Webhook-Timestamp": "1700000000",
			"Webhook-Signature": "",
		}},
		{desc: "for a chat", change: func(o *config.Options) { o.Format = "slack" }, body: `{"mrkdwn":false,"text":"Neuer Benutzer registriert: Tim","unfurl_links":false,"unfurl_media":false}`, want: map[string]string{
			"Content-Type": "application/json",
		}},
		{desc: "a body of the user's own", change: func(o *config.Options) {
			o.Message = `"{name}"`
			o.Body = `{"title":"{message}"}`
			o.ContentType = "application/vnd.x+json"
		}, body: `{"title":"\"Tim\""}`, want: map[string]string{
			"Content-Type": "application/vnd.x+json",
		}},
		{desc: "headers of the configuration win", change: func(o *config.Options) {
			o.Headers = map[string]string{"content-type": "text/x-mine", "user-agent": "mine", "Authorization": "Bearer x"}
		}, body: "Neuer Benutzer registriert: Tim", want: map[string]string{
			"Content-Type":  "text/x-mine",
			"User-Agent":    "mine",
			"Authorization": "Bearer x",
		}},
		{desc: "signed", change: func(o *config.Options) {
			o.Secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			o.Message = "{name}"
		}, body: "Tim", want: map[string]string{
			"Webhook-Signature": "v1,gcNSS/eAE4YhmqP6N2PUNH3oowvrbDBzvOQveikGqqM=",
		}},
	}
	for _, test := range tests {
		options := config.Defaults()
		options.WebhookURL = "https://hooks.example/key"
		options.AnswerContains = "taken"
		test.change(options)
		used, problems := config.Check(options, "")
		if used == nil {
			t.Fatalf("%s: %v", test.desc, problems)
		}
		secrets, err := config.Read(used)
		if err != nil {
			t.Fatalf("%s: %v", test.desc, err)
		}
		got := Request(used, secrets, "msg_1", map[string]string{"name": "Tim"}, time.Unix(1700000000, 0))
		if string(got.Body) != test.body {
			t.Errorf("%s: got: %q, want: %q", test.desc, got.Body, test.body)
		}
		for key, want := range test.want {
			if got.Header.Get(key) != want {
				t.Errorf("%s: %s: got: %q, want: %q", test.desc, key, got.Header.Get(key), want)
			}
		}
		if got.Target != used.URL || got.Timeout != used.Timeout || got.Success.Contains != "taken" {
			t.Errorf("%s: got: %v, want: the settings'", test.desc, got)
		}
		if len(used.Header) != len(options.Headers) {
			t.Errorf("%s: got: %v, want: the settings' own headers unchanged", test.desc, used.Header)
		}
	}
}
