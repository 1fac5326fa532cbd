package config

import (
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

func optionsWith(change func(*Options)) *Options {
	options := Defaults()
	options.WebhookURL = "https://hooks.example/secret"
	change(options)
	return options
}

// wrong is a configuration that is refused, and what its error must name.
type wrong struct {
	desc   string
	change func(*Options)
	env    string
	want   []string
}

func checkWrong(t *testing.T, tests []wrong) {
	t.Helper()
	for _, test := range tests {
		got, problems := Check(optionsWith(test.change), test.env)
		if got != nil || len(problems) == 0 {
			t.Errorf("%s: got: no problem", test.desc)
			continue
		}
		text := Explain("notify@file", problems)
		for _, want := range append(test.want, "signupwebhook: notify@file: ") {
			if !strings.Contains(text, want) {
				t.Errorf("%s: got: %q, want in it: %q", test.desc, text, want)
			}
		}
		if strings.Contains(text, "hidden") {
			t.Errorf("%s: the error holds a secret: %q", test.desc, text)
		}
	}
}

func TestWrongConfiguration(t *testing.T) {
	checkWrong(t, []wrong{
		{desc: "URL and file", change: func(c *Options) { c.WebhookURLFile = "/run/hiddens/url" }, want: []string{"webhookURL and webhookURLFile are both set"}},
		{desc: "format", change: func(c *Options) { c.Format = "Slack" }, want: []string{`format: "Slack" is none of auto, text, json, slack, discord,`}},
		{desc: "secret and file", change: func(c *Options) {
			c.Secret = "whsec_" + strings.Repeat("AAAA", 8)
			c.SecretFile = "/run/hiddens/key"
		}, want: []string{"secret and secretFile are both set"}},
		{desc: "a URL in the wrong place", change: func(c *Options) { c.Format = "https://hooks.example/hidden" }, want: []string{"format: this is none of auto"}},
		{desc: "body and format", change: func(c *Options) {
			c.Body = `{"text":"{message}"}`
			c.Format = "slack"
		}, want: []string{"body and format are both set"}},
		{desc: "a body's type twice", change: func(c *Options) {
			c.Body = "{}"
			c.Headers = map[string]string{"content-type": "text/hidden"}
		}, want: []string{"contentType: with body, set the type here"}},
		{desc: "a content type without its body", change: func(c *Options) { c.ContentType = "text/plain" }, want: []string{"contentType: it says what the option body is"}},
		{desc: "Telegram without a chat", change: func(c *Options) { c.WebhookURL = "https://api.telegram.org/bot1:hidden/sendMessage" }, want: []string{"webhookURL: for Telegram chat_id is missing in its query"}},
		{desc: "Telegram by word, of the environment", change: func(c *Options) {
			c.WebhookURL = ""
			c.Format = "telegram"
		}, env: "https://bots.example/bot1:hidden", want: []string{"WEBHOOK_URL (environment): for Telegram its path must be", "chat_id is missing"}},
		{desc: "Telegram with markup switched on", change: func(c *Options) {
			c.WebhookURL = "https://api.telegram.org/bot1:hidden/sendMessage?chat_id=1&parse_mode=HTML"
		}, want: []string{"webhookURL: for Telegram parse_mode must go from its query"}},
		{desc: "Telegram and a body without a chat", change: func(c *Options) {
			c.WebhookURL = "https://api.telegram.org/bot1:hidden/sendMessage"
			c.Body = `{"text":"{message}"}`
		}, want: []string{"webhookURL: for Telegram chat_id is missing, both in its query and in the option body"}},
		{desc: "Telegram and a format that is none", change: func(c *Options) {
			c.WebhookURL = "https://api.telegram.org/bot1:hidden/sendMessage"
			c.Format = "nothing"
		}, want: []string{`format: "nothing" is none of`, "webhookURL: for Telegram chat_id is missing"}},
		{
			desc: "all of a body at once",
			change: func(c *Options) {
				c.WebhookURL = "hidden"
				c.Format = "nothing"
				c.Body = "{"
				c.ContentType = "x/y+json;;"
				c.Headers = map[string]string{"Content-Type": "x/y"}
			},
			want: []string{"webhookURL:", "format:", "body and format", "contentType: with body", "is no media type"},
		},
		{
			desc: "everything at once",
			change: func(c *Options) {
				c.WebhookURL = "hidden"
				c.Message = "{x}"
				c.Format = "x"
				c.Timeout = "x"
				c.RetryFor = "x"
				c.Secret = "x"
				c.Headers = map[string]string{"(": "hidden"}
			},
			want: []string{"webhookURL:", "message:", "format:", "timeout:", "retryFor:", "secret:", "headers:"},
		},
	})
}

func TestRightConfiguration(t *testing.T) {
	tests := []struct {
		desc   string
		change func(*Options)
		env    string
		url    string
		file   string
		wait   time.Duration
	}{
		{desc: "defaults", change: func(_ *Options) {}, url: "https://hooks.example/secret", wait: 10 * time.Second},
		{desc: "white space around the URL", change: func(c *Options) { c.WebhookURL = " \n https://hooks.example/a\n" }, url: "https://hooks.example/a", wait: 10 * time.Second},
		{desc: "a query stays, a fragment goes", change: func(c *Options) { c.WebhookURL = "http://[::1]:8080/a?b=c#d" }, url: "http://[::1]:8080/a?b=c", wait: 10 * time.Second},
		{desc: "the configuration wins over the environment", change: func(_ *Options) {}, env: "https://b.example", url: "https://hooks.example/secret", wait: 10 * time.Second},
		{desc: "the environment", change: func(c *Options) { c.WebhookURL = "" }, env: " https://b.example/x ", url: "https://b.example/x", wait: 10 * time.Second},
		{desc: "a file wins over the environment", change: func(c *Options) {
			c.WebhookURL = ""
			c.WebhookURLFile = "/run/secrets/url"
		}, env: "https://b.example", file: "/run/secrets/url", wait: 10 * time.Second},
		{desc: "empty options are the defaults", change: func(c *Options) {
			c.Message = " "
			c.Format = ""
			c.Timeout = ""
		}, url: "https://hooks.example/secret", wait: 10 * time.Second},
		{desc: "days", change: func(c *Options) { c.Timeout = "1d" }, url: "https://hooks.example/secret", wait: 24 * time.Hour},
		{desc: "days and hours", change: func(c *Options) { c.Timeout = "1d12h" }, url: "https://hooks.example/secret", wait: 36 * time.Hour},
		{desc: "fractions", change: func(c *Options) { c.Timeout = " 1m0.5s " }, url: "https://hooks.example/secret", wait: 60500 * time.Millisecond},
	}
	for _, test := range tests {
		got, problems := Check(optionsWith(test.change), test.env)
		if len(problems) > 0 {
			t.Errorf("%s: got: %v, want: no problem", test.desc, problems)
			continue
		}
		address := ""
		if got.URL != nil {
			address = got.URL.String()
		}
		if address != test.url || got.URLFile != test.file || got.Timeout != test.wait {
			t.Errorf("%s: got: %q %q %s, want: %q %q %s", test.desc, address, got.URLFile, got.Timeout, test.url, test.file, test.wait)
		}
		text := message.Render(got.Text, map[string]string{"name": "Tim"}, strings.ToUpper)
		if text != "Neuer Benutzer registriert: TIM" || got.Format != "auto" {
			t.Errorf("%s: got: %q in %s, want: the defaults", test.desc, text, got.Format)
		}
	}
}

// A body that cannot be read may still name the chat.
func TestABrokenBodyForTelegram(t *testing.T) {
	_, problems := Check(optionsWith(func(c *Options) {
		c.WebhookURL = "https://api.telegram.org/bot1:hidden/sendMessage"
		c.Body = `{"chat_id":1,"text":{message}}`
	}), "")
	if len(problems) != 1 || !strings.HasPrefix(problems[0], "body: it is no JSON") {
		t.Errorf("got: %q, want: that the body is no JSON, alone", problems)
	}
}

func TestBody(t *testing.T) {
	tests := []struct {
		desc        string
		body        string
		contentType string
		url         string
		uses        string
		want        string // the content type
	}{
		{desc: "none", uses: "name", want: "application/json"},
		{desc: "JSON", body: `{"text":"{message}","id":"{id}"}`, uses: "name id", want: "application/json"},
		{desc: "without the message", body: `{"who":"{email}"}`, contentType: " ", uses: "email", want: "application/json"},
		{desc: "with nothing of anyone", body: `{}`, uses: "", want: "application/json"},
		{desc: "text", body: "{name}: {message}", contentType: "text/plain; charset=utf-8", uses: "name", want: "text/plain; charset=utf-8"},
		{desc: "lines", body: "{\"index\":{}}\n{\"who\":\"{name}\"}\n", contentType: "application/x-ndjson", uses: "name", want: "application/x-ndjson"},
		{desc: "Telegram's chat may stand in it", body: `{"chat_id":1,"text":"{message}"}`, url: "https://api.telegram.org/bot1:x/sendMessage", uses: "name", want: "application/json"},
	}
	for _, test := range tests {
		options := Defaults()
		options.WebhookURL = "https://hooks.example/x"
		if test.url != "" {
			options.WebhookURL = test.url
		}
		options.Body = test.body
		if test.contentType != "" {
			options.ContentType = test.contentType
		}
		got, problems := Check(options, "")
		if got == nil {
			t.Errorf("%s: got: %v, want: no problem", test.desc, problems)
			continue
		}
		uses := strings.Join(got.Uses, " ")
		if uses != test.uses || got.ContentType != test.want || (got.Body != nil) != (test.body != "") {
			t.Errorf("%s: got: %q, %s, want: %q, %s", test.desc, uses, got.ContentType, test.uses, test.want)
		}
	}
}
