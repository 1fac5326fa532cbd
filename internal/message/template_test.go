package message

import (
	"strings"
	"testing"
)

func TestTemplate(t *testing.T) {
	fields := []string{"name", "email"}
	values := map[string]string{"name": "{email}", "email": "tim@example.org"}
	tests := []struct {
		desc    string
		text    string
		want    string
		unknown string
	}{
		{desc: "no placeholder", text: "Hallo", want: "Hallo"},
		{desc: "empty", text: "", want: ""},
		{desc: "one pass: a value is no template", text: "{name}", want: "<{EMAIL}>"},
		{desc: "several, touching", text: "{name}{email}{name}", want: "<{EMAIL}><TIM@EXAMPLE.ORG><{EMAIL}>"},
		{desc: "literal text is not escaped", text: "a<b {email} c", want: "a<b <TIM@EXAMPLE.ORG> c"},
		{desc: "but what would make markup of a field", text: "a <{email}> b @{name} c <!{name}", want: "a <<TIM@EXAMPLE.ORG>> b <@{EMAIL}> c <<!{EMAIL}>"},
		{desc: "a link of the administrator's", text: "<https://x.y/{name}|a> <mailto:{email}>", want: "<https://x.y/<{EMAIL}>|a> <mailto:<TIM@EXAMPLE.ORG>>"},
		{desc: "braces that hold no letters", text: `{"a": {}} {1} {a_b} { name } {`, want: `{"a": {}} {1} {a_b} { name } {`},
		{desc: "braces around", text: "{{name}}", want: "{<{EMAIL}>}"},
		{desc: "unknown ones, each once", text: "{nobody} {Name} {nobody}", want: "{nobody} {Name} {nobody}", unknown: "nobody Name"},
	}
	for _, test := range tests {
		template, unknown := Parse(test.text, fields)
		if strings.Join(unknown, " ") != test.unknown {
			t.Errorf("%s: unknown: got: %q, want: %q", test.desc, unknown, test.unknown)
		}
		got := Render(template, values, shout)
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}

func TestRenderWithoutValue(t *testing.T) {
	template, _ := Parse("[{name}]", []string{"name"})
	got := Render(template, map[string]string{}, shout)
	if got != "[<>]" {
		t.Errorf("got: %q, want: %q", got, "[<>]")
	}
}

func shout(text string) string { return "<" + strings.ToUpper(text) + ">" }
