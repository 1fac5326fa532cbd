package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func optionsWith(change func(*Options)) *Options {
	options := Defaults()
	options.WebhookURL = "https://hooks.example/secret"
	change(options)
	return options
}

func TestWrongConfiguration(t *testing.T) {
	tests := []struct {
		desc   string
		change func(*Options)
		env    string
		want   []string // what the error must name
	}{
		{desc: "no scheme", change: func(c *Options) { c.WebhookURL = "hooks.example/hidden" }, want: []string{"webhookURL: it does not begin with https:// or http://"}},
		{desc: "another scheme", change: func(c *Options) { c.WebhookURL = "ftp://hooks.example/hidden" }, want: []string{"webhookURL: it does not begin"}},
		{desc: "no host", change: func(c *Options) { c.WebhookURL = "https:///hidden" }, want: []string{"webhookURL: the host is missing"}},
		{desc: "a variable that was not replaced", change: func(c *Options) { c.WebhookURL = "${HIDDEN}" }, want: []string{"webhookURL: it does not begin"}},
		{desc: "not well formed", change: func(c *Options) { c.WebhookURL = "https://hooks.example/%zz/hidden" }, want: []string{"webhookURL: this is no well-formed URL"}},
		{desc: "a port that is none", change: func(c *Options) { c.WebhookURL = "https://hooks.example:port/hidden" }, want: []string{"webhookURL: this is no well-formed URL"}},
		{desc: "a port too high", change: func(c *Options) { c.WebhookURL = "https://hooks.example:65536/hidden" }, want: []string{"webhookURL: the port is none"}},
		{desc: "two URLs in one", change: func(c *Options) { c.WebhookURL = "https://hooks.example/hidden https://b.example/hidden" }, want: []string{"webhookURL: there is white space inside"}},
		{desc: "a control character", change: func(c *Options) { c.WebhookURL = "https://hooks.example/\x01hidden" }, want: []string{"webhookURL: this is no well-formed URL"}},
		{desc: "URL and file", change: func(c *Options) { c.WebhookURLFile = "/run/hiddens/url" }, want: []string{"webhookURL and webhookURLFile are both set"}},
		{desc: "the environment's", change: func(c *Options) { c.WebhookURL = "" }, env: "mailto:hidden", want: []string{"WEBHOOK_URL (environment): it does not begin"}},
		{desc: "placeholders", change: func(c *Options) { c.Message = "{name} {user} {Host}" }, want: []string{"message: {user}, {Host} is no placeholder", "{name}, {email}, {role}, {id}, {event}, {time}"}},
		{desc: "format", change: func(c *Options) { c.Format = "Slack" }, want: []string{`format: "Slack" is none of auto, text, json, slack, discord,`}},
		{desc: "timeout without a unit", change: func(c *Options) { c.Timeout = "10" }, want: []string{`timeout: "10" is no duration`, "10s"}},
		{desc: "timeout of nothing", change: func(c *Options) { c.Timeout = "0s" }, want: []string{`timeout: "0s" is not longer`}},
		{desc: "timeout below nothing", change: func(c *Options) { c.Timeout = "-5s" }, want: []string{`timeout: "-5s" is not longer`}},
		{desc: "timeout beyond all", change: func(c *Options) { c.Timeout = "999999999d" }, want: []string{`timeout: "999999999d" is too long`}},
		{desc: "retryFor in words", change: func(c *Options) { c.RetryFor = "a week" }, want: []string{`retryFor: "a week" is no duration`}},
		{desc: "an event that is none", change: func(c *Options) { c.Events = []string{"signup", "logout"} }, want: []string{`events: "logout" is none of signup, user-added, scim, first-seen`}},
		{desc: "an event twice", change: func(c *Options) { c.Events = []string{"scim", " scim"} }, want: []string{`events: "scim" is there twice; there are signup, user-added, scim, first-seen`}},
		{desc: "an event of nothing", change: func(c *Options) { c.Events = []string{""} }, want: []string{`events: "" is none of signup`}},
		{desc: "a secret among the events", change: func(c *Options) { c.Events = []string{"https://hooks.example/hidden"} }, want: []string{"events: this is none of signup"}},
		{desc: "first-seen without a folder", change: func(c *Options) { c.Events = []string{"first-seen"} }, want: []string{"events: first-seen remembers accounts in files, so it needs stateDir"}},
		{desc: "learnFor below nothing", change: func(c *Options) { c.LearnFor = "-1h" }, want: []string{`learnFor: "-1h" is shorter than nothing`}},
		{desc: "learnFor in words", change: func(c *Options) { c.LearnFor = "a week" }, want: []string{`learnFor: "a week" is no duration`}},
		{desc: "another kind of secret", change: func(c *Options) { c.Secret = "hidden" }, want: []string{"secret: it does not begin with whsec_"}},
		{desc: "a signing secret that is no base64", change: func(c *Options) { c.Secret = "whsec_hidden!" }, want: []string{"secret: what follows whsec_ is no base64"}},
		{desc: "a signing secret too short", change: func(c *Options) { c.Secret = "whsec_c2VjcmV0" }, want: []string{"secret: it holds 6 bytes"}},
		{desc: "secret and file", change: func(c *Options) {
			c.Secret = "whsec_" + strings.Repeat("AAAA", 8)
			c.SecretFile = "/run/hiddens/key"
		}, want: []string{"secret and secretFile are both set"}},
		{desc: "no header name", change: func(c *Options) { c.Headers = map[string]string{"a b": "hidden"} }, want: []string{`headers: behind "a" stands what no header's name may have`}},
		{desc: "an empty header name", change: func(c *Options) { c.Headers = map[string]string{"": "hidden"} }, want: []string{`headers: behind "" stands what`}},
		{desc: "a whole header line for a name", change: func(c *Options) { c.Headers = map[string]string{"Authorization: hidden": ""} }, want: []string{`headers: behind "Authorization" stands what`}},
		{desc: "a URL in the wrong place", change: func(c *Options) { c.Format = "https://hooks.example/hidden" }, want: []string{"format: this is none of auto"}},
		{desc: "two lines in a header", change: func(c *Options) { c.Headers = map[string]string{"A": "x\r\nB: hidden"} }, want: []string{"headers: the value of A holds a line break"}},
		{desc: "the plugin's own header", change: func(c *Options) { c.Headers = map[string]string{"webhook-id": "hidden"} }, want: []string{"headers: webhook-id is set by the plugin itself"}},
		{desc: "one header twice", change: func(c *Options) { c.Headers = map[string]string{"A": "hidden", "a": "b"} }, want: []string{"headers: a is there twice"}},
		{desc: "body and format", change: func(c *Options) {
			c.Body = `{"text":"{message}"}`
			c.Format = "slack"
		}, want: []string{"body and format are both set"}},
		{desc: "a body that is no JSON", change: func(c *Options) { c.Body = "text={message}" }, want: []string{"body: it is no JSON, as contentType says"}},
		{desc: "a body whose values are outside quotes", change: func(c *Options) { c.Body = `{"text":{message},"id":{id}}` }, want: []string{"body: it is no JSON", "between quotes"}},
		{desc: "a body that is no JSON of another kind", change: func(c *Options) {
			c.Body = "{"
			c.ContentType = "application/cloudevents+json; charset=utf-8"
		}, want: []string{"body: it is no JSON"}},
		{desc: "a body's lines that are no JSON", change: func(c *Options) {
			c.Body = "{}\n{name}\n"
			c.ContentType = "application/x-ndjson"
		}, want: []string{"body: it is no JSON"}},
		{desc: "a body's placeholders", change: func(c *Options) { c.Body = `"{nobody}"` }, want: []string{"body: {nobody} is no placeholder; there are {message}, {name}"}},
		{desc: "a body's type twice", change: func(c *Options) {
			c.Body = "{}"
			c.Headers = map[string]string{"content-type": "text/hidden"}
		}, want: []string{"contentType: with body, set the type here"}},
		{desc: "no content type", change: func(c *Options) {
			c.Body = "x"
			c.ContentType = "json"
		}, want: []string{`contentType: "json" is no media type; it must look like application/json`}},
		{desc: "two lines in a content type", change: func(c *Options) {
			c.Body = "x"
			c.ContentType = "text/plain\r\nA: hidden"
		}, want: []string{"contentType: this is no media type"}},
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
	}
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
		text := got.Text.Render(map[string]string{"name": "Tim"}, strings.ToUpper)
		if text != "Neuer Benutzer registriert: TIM" || got.Format != "auto" {
			t.Errorf("%s: got: %q in %s, want: the defaults", test.desc, text, got.Format)
		}
	}
}

func TestEvents(t *testing.T) {
	tests := []struct {
		desc   string
		change func(*Options)
		want   string
		learn  time.Duration
	}{
		{desc: "none", change: func(_ *Options) {}, want: "signup", learn: 7 * 24 * time.Hour},
		{desc: "an empty list", change: func(c *Options) { c.Events = []string{} }, want: "signup", learn: 7 * 24 * time.Hour},
		{desc: "all, as a list split at commas", change: func(c *Options) {
			c.Events = []string{"first-seen", " scim", " user-added ", "signup"}
			c.StateDir = "state"
			c.LearnFor = "1d12h"
		}, want: "first-seen scim user-added signup", learn: 36 * time.Hour},
		{desc: "no learning", change: func(c *Options) { c.LearnFor = "0s" }, want: "signup"},
		{desc: "no days of learning", change: func(c *Options) { c.LearnFor = "0d" }, want: "signup"},
	}
	for _, test := range tests {
		got, problems := Check(optionsWith(test.change), "")
		if len(problems) > 0 {
			t.Errorf("%s: got: %v, want: no problem", test.desc, problems)
			continue
		}
		if strings.Join(got.Events, " ") != test.want || got.LearnFor != test.learn {
			t.Errorf("%s: got: %v, %s, want: %s, %s", test.desc, got.Events, got.LearnFor, test.want, test.learn)
		}
		if !got.Watches("signup") == strings.Contains(test.want, "signup") || got.Watches("scim") != strings.Contains(test.want, "scim") {
			t.Errorf("%s: got: others are watched than %s", test.desc, test.want)
		}
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
		uses := strings.Join(got.Uses(), " ")
		if uses != test.uses || got.ContentType != test.want || (got.Body != nil) != (test.body != "") {
			t.Errorf("%s: got: %q, %s, want: %q, %s", test.desc, uses, got.ContentType, test.uses, test.want)
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

func TestJSONUsesAll(t *testing.T) {
	got, _ := Check(optionsWith(func(c *Options) { c.Format = "json" }), "")
	uses := strings.Join(got.Uses(), " ")
	if uses != "name event time email role id" {
		t.Errorf("got: %s, want: all that it sends", uses)
	}
}

// A file's URL may become wrong while Traefik runs, so it is read each time.
func TestFiles(t *testing.T) {
	tests := []struct {
		desc string
		body string
		url  string // what is in the file
		key  string // in the other; "" for none
		want string // in the error; "" for none
	}{
		{desc: "a URL", url: "https://hooks.example/hidden\n"},
		{desc: "with a mark of its encoding", url: "\ufeffhttps://hooks.example/hidden\r\n", key: "\ufeffwhsec_" + strings.Repeat("AAAA", 8)},
		{desc: "nothing", url: "", want: "webhookURLFile: the file is empty"},
		{desc: "white space", url: "\ufeff \n", want: "webhookURLFile: the file is empty"},
		{desc: "no secret", url: "https://hooks.example/hidden", key: "\n", want: "secretFile: the file is empty"},
		{desc: "Telegram without a chat", url: "https://api.telegram.org/bot1:hidden/sendMessage\n", want: "webhookURLFile: for Telegram chat_id is missing"},
		{desc: "Telegram with a text", url: "https://api.telegram.org/bot1:hidden/sendMessage?chat_id=1&text=hidden", want: "webhookURLFile: for Telegram text must go"},
		{desc: "Telegram and a body without a chat", body: `{"text":"{message}"}`, url: "https://api.telegram.org/bot1:hidden/sendMessage", want: "webhookURLFile: for Telegram chat_id is missing, both"},
		{desc: "Telegram and a body with one", body: `{"chat_id":1,"text":"{message}"}`, url: "https://api.telegram.org/bot1:hidden/sendMessage"},
	}
	for _, test := range tests {
		dir := t.TempDir()
		options := Defaults()
		options.Body = test.body
		options.WebhookURLFile = filepath.Join(dir, "url")
		writeFile(t, options.WebhookURLFile, test.url)
		if test.key != "" {
			options.SecretFile = filepath.Join(dir, "key")
			writeFile(t, options.SecretFile, test.key)
		}
		used, problems := Check(options, "")
		if used == nil {
			t.Errorf("%s: got: %v, want: no problem of New", test.desc, problems)
			continue
		}
		got := ""
		_, err := used.Read()
		if err != nil {
			got = err.Error()
		}
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) || strings.Contains(got, "hidden") {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	err := os.WriteFile(path, []byte(text), 0o600)
	if err != nil {
		t.Fatal(err)
	}
}

func TestUnknownKeys(t *testing.T) {
	tests := []struct {
		key  string
		want string
	}{
		{key: "webhook_url", want: `"webhook_url" (did you mean webhookURL?)`},
		{key: "webhook", want: `"webhook" (did you mean webhookURL?)`},
		{key: "header", want: `"header" (did you mean headers?)`},
		{key: "mesage", want: `"mesage" (did you mean message?)`},
		{key: "web-hook-url-file", want: `"web-hook-url-file" (did you mean webhookURLFile?)`},
		{key: "retries", want: `"retries"`},
		{key: "state_dir", want: `"state_dir" (did you mean stateDir?)`},
		{key: "event", want: `"event" (did you mean events?)`},
		{key: "learn_for", want: `"learn_for" (did you mean learnFor?)`},
		{key: "something\nelse", want: "this"},
	}
	for _, test := range tests {
		got := unknownKeys(map[string]interface{}{test.key: true})
		if len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: got: %v, want: %s", test.key, got, test.want)
		}
	}
}

func TestFingerprint(t *testing.T) {
	base, _ := Check(optionsWith(func(_ *Options) {}), "")
	tests := []struct {
		desc   string
		change func(*Options)
		same   bool
	}{
		{desc: "nothing", change: func(_ *Options) {}, same: true},
		{desc: "the URL", change: func(c *Options) { c.WebhookURL = "https://hooks.example/other" }},
		{desc: "the message", change: func(c *Options) { c.Message = "{name}" }},
		{desc: "the format", change: func(c *Options) { c.Format = "slack" }},
		{desc: "the body", change: func(c *Options) { c.Body = "{}" }},
		{desc: "the body's type", change: func(c *Options) {
			c.Body = "{}"
			c.ContentType = "text/plain"
		}},
		{desc: "a header", change: func(c *Options) { c.Headers = map[string]string{"A": "b"} }},
		{desc: "the timeout", change: func(c *Options) { c.Timeout = "1s" }},
		{desc: "retryFor", change: func(c *Options) { c.RetryFor = "1h" }},
		{desc: "the secret", change: func(c *Options) { c.Secret = "whsec_" + strings.Repeat("AAAA", 8) }},
		{desc: "the secret's file", change: func(c *Options) { c.SecretFile = "x" }},
		{desc: "the events", change: func(c *Options) { c.Events = []string{"scim"} }},
		{desc: "the learning", change: func(c *Options) { c.LearnFor = "1h" }},
		{desc: "the folder", change: func(c *Options) { c.StateDir = "x" }},
		{desc: "what the answer holds", change: func(c *Options) { c.AnswerContains = "x" }},
		{desc: "an unknown key", change: func(c *Options) { c.Unknown = map[string]interface{}{"a": 1} }},
	}
	for _, test := range tests {
		got, _ := Check(optionsWith(test.change), "")
		if (got.Fingerprint == base.Fingerprint) != test.same {
			t.Errorf("%s: got: %t, want: %t", test.desc, got.Fingerprint == base.Fingerprint, test.same)
		}
	}
}
