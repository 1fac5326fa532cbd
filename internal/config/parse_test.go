package config

import (
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
)

func TestWrongValues(t *testing.T) {
	events := strings.Join(openwebui.Events(), ", ")
	checkWrong(t, []wrong{
		{desc: "no scheme", change: func(c *Options) { c.WebhookURL = "hooks.example/hidden" }, want: []string{"webhookURL: it does not begin with https:// or http://"}},
		{desc: "another scheme", change: func(c *Options) { c.WebhookURL = "ftp://hooks.example/hidden" }, want: []string{"webhookURL: it does not begin"}},
		{desc: "no host", change: func(c *Options) { c.WebhookURL = "https:///hidden" }, want: []string{"webhookURL: the host is missing"}},
		{desc: "a variable that was not replaced", change: func(c *Options) { c.WebhookURL = "${HIDDEN}" }, want: []string{"webhookURL: it does not begin"}},
		{desc: "not well formed", change: func(c *Options) { c.WebhookURL = "https://hooks.example/%zz/hidden" }, want: []string{"webhookURL: this is no well-formed URL"}},
		{desc: "a port that is none", change: func(c *Options) { c.WebhookURL = "https://hooks.example:port/hidden" }, want: []string{"webhookURL: this is no well-formed URL"}},
		{desc: "a port too high", change: func(c *Options) { c.WebhookURL = "https://hooks.example:65536/hidden" }, want: []string{"webhookURL: the port is none"}},
		{desc: "two URLs in one", change: func(c *Options) { c.WebhookURL = "https://hooks.example/hidden https://b.example/hidden" }, want: []string{"webhookURL: there is white space inside"}},
		{desc: "a control character", change: func(c *Options) { c.WebhookURL = "https://hooks.example/\x01hidden" }, want: []string{"webhookURL: this is no well-formed URL"}},
		{desc: "the environment's", change: func(c *Options) { c.WebhookURL = "" }, env: "mailto:hidden", want: []string{"WEBHOOK_URL (environment): it does not begin"}},
		{desc: "placeholders", change: func(c *Options) { c.Message = "{name} {user} {Host}" }, want: []string{"message: {user}, {Host} is no placeholder", "{name}, {email}, {role}, {id}, {event}, {time}"}},
		{desc: "timeout without a unit", change: func(c *Options) { c.Timeout = "10" }, want: []string{`timeout: "10" is no duration`, "10s"}},
		{desc: "timeout of nothing", change: func(c *Options) { c.Timeout = "0s" }, want: []string{`timeout: "0s" is not longer`}},
		{desc: "timeout below nothing", change: func(c *Options) { c.Timeout = "-5s" }, want: []string{`timeout: "-5s" is not longer`}},
		{desc: "timeout beyond all", change: func(c *Options) { c.Timeout = "999999999d" }, want: []string{`timeout: "999999999d" is too long`}},
		{desc: "retryFor in words", change: func(c *Options) { c.RetryFor = "a week" }, want: []string{`retryFor: "a week" is no duration`}},
		{desc: "an event that is none", change: func(c *Options) { c.Events = []string{"signup", "logout"} }, want: []string{`events: "logout" is none of ` + events}},
		{desc: "an event twice", change: func(c *Options) { c.Events = []string{"scim", " scim"} }, want: []string{`events: "scim" is there twice; there are ` + events}},
		{desc: "an event of nothing", change: func(c *Options) { c.Events = []string{""} }, want: []string{`events: "" is none of signup`}},
		{desc: "a secret among the events", change: func(c *Options) { c.Events = []string{"https://hooks.example/hidden"} }, want: []string{"events: this is none of signup"}},
		{desc: "first-seen without a folder", change: func(c *Options) { c.Events = []string{"first-seen"} }, want: []string{"events: first-seen remembers accounts in files, so it needs stateDir"}},
		{desc: "learnFor below nothing", change: func(c *Options) { c.LearnFor = "-1h" }, want: []string{`learnFor: "-1h" is shorter than nothing`}},
		{desc: "learnFor in words", change: func(c *Options) { c.LearnFor = "a week" }, want: []string{`learnFor: "a week" is no duration`}},
		{desc: "another kind of secret", change: func(c *Options) { c.Secret = "hidden" }, want: []string{"secret: it does not begin with whsec_"}},
		{desc: "a signing secret that is no base64", change: func(c *Options) { c.Secret = "whsec_hidden!" }, want: []string{"secret: what follows whsec_ is no base64"}},
		{desc: "a signing secret too short", change: func(c *Options) { c.Secret = "whsec_c2VjcmV0" }, want: []string{"secret: it holds 6 bytes"}},
		{desc: "no header name", change: func(c *Options) { c.Headers = map[string]string{"a b": "hidden"} }, want: []string{`headers: behind "a" stands what no header's name may have`}},
		{desc: "an empty header name", change: func(c *Options) { c.Headers = map[string]string{"": "hidden"} }, want: []string{`headers: behind "" stands what`}},
		{desc: "a whole header line for a name", change: func(c *Options) { c.Headers = map[string]string{"Authorization: hidden": ""} }, want: []string{`headers: behind "Authorization" stands what`}},
		{desc: "two lines in a header", change: func(c *Options) { c.Headers = map[string]string{"A": "x\r\nB: hidden"} }, want: []string{"headers: the value of A holds a line break"}},
		{desc: "the plugin's own header", change: func(c *Options) { c.Headers = map[string]string{"webhook-id": "hidden"} }, want: []string{"headers: webhook-id is set by the plugin itself"}},
		{desc: "one header twice", change: func(c *Options) { c.Headers = map[string]string{"A": "hidden", "a": "b"} }, want: []string{"headers: a is there twice"}},
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
		{desc: "no content type", change: func(c *Options) {
			c.Body = "x"
			c.ContentType = "json"
		}, want: []string{`contentType: "json" is no media type; it must look like application/json`}},
		{desc: "two lines in a content type", change: func(c *Options) {
			c.Body = "x"
			c.ContentType = "text/plain\r\nA: hidden"
		}, want: []string{"contentType: this is no media type"}},
	})
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
