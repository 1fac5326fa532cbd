package config

import (
	"strings"
	"testing"
)

func TestJSONUsesAll(t *testing.T) {
	got, _ := Check(optionsWith(func(c *Options) { c.Format = "json" }), "")
	uses := strings.Join(got.Uses, " ")
	if uses != "name event time email role id" {
		t.Errorf("got: %s, want: all that it sends", uses)
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
