package receiver

import (
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

func TestCustom(t *testing.T) {
	const name = "a\"b\\c\n</\u2028{name}"
	tests := []struct {
		desc        string
		body        string
		contentType string
		want        string
	}{
		{desc: "JSON", body: `{"text":"{message}","who":"{name}"}`, contentType: "application/json", want: `{"text":"+a\"b\\c\n</\u2028{name}","who":"a\"b\\c\n</\u2028{name}"}`},
		{desc: "a kind of JSON", body: `["{name}"]`, contentType: "application/cloudevents+json; charset=utf-8", want: `["a\"b\\c\n</\u2028{name}"]`},
		{desc: "lines of JSON", body: "[\"{name}\"]\n", contentType: "application/x-ndjson", want: "[\"a\\\"b\\\\c\\n</\\u2028{name}\"]\n"},
		{desc: "an old name of JSON", body: `["{name}"]`, contentType: "application/x-json", want: `["a\"b\\c\n</\u2028{name}"]`},
		{desc: "a sequence of JSON", body: "\x1e[\"{name}\"]\n", contentType: "application/json-seq", want: "\x1e[\"a\\\"b\\\\c\\n</\\u2028{name}\"]\n"},
		{desc: "JSON in capitals", body: `["{name}"]`, contentType: "Application/JSON", want: `["a\"b\\c\n</\u2028{name}"]`},
		{desc: "text", body: "{message} {email}", contentType: "text/plain", want: "+" + name + " "},
		{desc: "a form", body: "a={name}", contentType: "application/x-www-form-urlencoded", want: "a=" + name},
	}
	fields := []string{"name", "email", MessageField}
	text, _ := message.Parse("+{name}", fields)
	for _, test := range tests {
		body, unknown := message.Parse(test.body, fields)
		if len(unknown) > 0 {
			t.Fatalf("%s: %v", test.desc, unknown)
		}
		values := map[string]string{"name": name}
		got := Custom(Choose(Auto, parsed(t, "https://hooks.example")), body, test.contentType, text, values)
		if string(got.Data) != test.want || got.ContentType != test.contentType || got.UserAgent != userAgent {
			t.Errorf("%s: got: %q, want: %q", test.desc, got.Data, test.want)
		}
		if len(values) != 1 {
			t.Errorf("%s: got: %v, want: the notice's own fields unchanged", test.desc, values)
		}
	}
}

func TestMalformed(t *testing.T) {
	tests := []struct {
		contentType string
		body        string
		want        bool
	}{
		{contentType: "application/json", body: `{"a":1}`},
		{contentType: "application/json", body: `{"a":}`, want: true},
		{contentType: "text/json", body: `{`, want: true},
		{contentType: "application/problem+json; charset=utf-8", body: "x", want: true},
		{contentType: "text/x-json", body: "{", want: true},
		{contentType: "application/json-seq", body: "\x1e{}\n\x1e{\n}\n"},
		{contentType: "application/json-seq", body: "{}"},
		{contentType: "application/geo+json-seq", body: "\x1e{}\n\x1e{\n", want: true},
		{contentType: "application/x-ndjson", body: "{}\n{}\n"},
		{contentType: "application/x-ndjson", body: "{}\n{\n}", want: true},
		{contentType: "application/jsonl", body: "\n", want: true},
		{contentType: "text/plain", body: "{"},
		{contentType: "application/xml", body: "<"},
		{contentType: "", body: "<"},
	}
	for _, test := range tests {
		got := Malformed(test.contentType, []byte(test.body))
		if got != test.want {
			t.Errorf("%q as %s: got: %t, want: %t", test.body, test.contentType, got, test.want)
		}
	}
}
