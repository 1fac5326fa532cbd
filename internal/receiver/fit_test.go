package receiver

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// lengthOf measures a text anew, by the name of the unit.
func lengthOf(unit, text string) int {
	switch unit {
	case "characters":
		return utf8.RuneCountInString(text)
	case "UTF-16":
		return len(utf16.Encode([]rune(text)))
	case "JSON":
		data, _ := json.Marshal(text)
		return len(data) - 2
	}
	return len(text)
}

func TestLimits(t *testing.T) {
	tests := []struct {
		desc   string
		format string
		name   string
		limit  int
		unit   string
		slack  int // how much of it may stay unused
	}{
		{desc: "in an entity", format: "slack", name: "&", limit: 40000, unit: "characters", slack: 6},
		{desc: "in an escape", format: "discord", name: "*", limit: 2000, unit: "characters", slack: 3},
		{desc: "wide characters", format: "discord", name: "🎉", limit: 2000, unit: "characters", slack: 1},
		{desc: "emoji of several", format: "discord", name: "👩\u200D🚀", limit: 2000, unit: "characters", slack: 4},
		{desc: "accents", format: "discord", name: "e\u0301\u0302", limit: 2000, unit: "characters", slack: 4},
		{desc: "bytes", format: "googlechat", name: "ü🎉", limit: 32000, unit: "bytes", slack: 6},
		{desc: "bytes", format: "ntfy", name: "ü🎉", limit: 4095, unit: "bytes", slack: 6},
		{desc: "bytes", format: "wecom", name: "李🎉", limit: 2048, unit: "bytes", slack: 6},
		{desc: "quotes in JSON", format: "teams", name: `"`, limit: 27000, unit: "JSON", slack: 4},
		{desc: "escapes in JSON", format: "teams", name: "*", limit: 27000, unit: "JSON", slack: 6},
		{desc: "in JSON", format: "dingtalk", name: "李\\", limit: 19000, unit: "JSON", slack: 6},
		{desc: "in JSON", format: "feishu", name: "李\\", limit: 19000, unit: "JSON", slack: 6},
		{desc: "wide characters", format: "telegram", name: "🎉", limit: 4096, unit: "UTF-16", slack: 2},
		{desc: "wide characters", format: "rocketchat", name: "🎉", limit: 5000, unit: "UTF-16", slack: 2},
		{desc: "in an escape", format: "mattermost", name: "#", limit: 16383, unit: "characters", slack: 3},
	}
	target := parsed(t, "https://chat.example")
	for _, test := range tests {
		for start := 0; start < 7; start++ {
			literal := strings.Repeat("x", test.limit-50+start)
			text, _ := message.Parse(literal+"{name}", []string{"name"})
			body := Encode(Choose(test.format, target), text, map[string]string{"name": strings.Repeat(test.name, 60)})
			got := shown(t, body)
			length := lengthOf(test.unit, got)
			if length > test.limit || length < test.limit-test.slack {
				t.Errorf("%s, %s, %d: got: %d %s, want: nearly %d", test.format, test.desc, start, length, test.unit, test.limit)
			}
			end := strings.TrimSuffix(got, "…")
			if end == got || !utf8.ValidString(end) || isTorn(test.format, end) {
				t.Errorf("%s, %s, %d: got: …%q, want: a cut between characters", test.format, test.desc, start, got[len(got)-16:])
			}
		}
	}
}

func TestNoCutWithinTwoEscapes(t *testing.T) {
	target := parsed(t, "https://discord.com/api/webhooks/1/x/slack")
	for start := 0; start < 7; start++ {
		text, _ := message.Parse(strings.Repeat("x", 1950+start)+"{name}", []string{"name"})
		got := shown(t, Encode(Choose("auto", target), text, map[string]string{"name": strings.Repeat("<", 60)}))
		if !strings.HasSuffix(got, "\\&lt;…") && !strings.HasSuffix(got, "x…") {
			t.Errorf("%d: got: …%q, want: whole escapes", start, got[len(got)-16:])
		}
	}
}

// isTorn tells whether a text ends within an escape or an emoji.
func isTorn(format, end string) bool {
	for _, half := range []string{"&", "&a", "&am", "&amp", "\u200d", "👩", "e", "e\u0301"} {
		if strings.HasSuffix(end, half) {
			return true
		}
	}
	backslashes := len(end) - len(strings.TrimRight(end, `\`))
	return format != "feishu" && format != "dingtalk" && backslashes%2 == 1
}

func TestTheLimitItselfFits(t *testing.T) {
	tests := []struct {
		format string
		text   string
	}{
		{format: "discord", text: strings.Repeat("x", 2000)},
		{format: "ntfy", text: strings.Repeat("x", 4095)},
		{format: "telegram", text: strings.Repeat("🎉", 2048)},
		{format: "wecom", text: strings.Repeat("ü", 1024)},
		{format: "gotify", text: strings.Repeat("x", 100000)},
		{format: "json", text: strings.Repeat("x", 100000)},
		{format: "text", text: strings.Repeat("x", 100000)},
	}
	for _, test := range tests {
		text, _ := message.Parse(test.text, nil)
		got := shown(t, Encode(Choose(test.format, parsed(t, "https://chat.example")), text, nil))
		if got != test.text {
			t.Errorf("%s: got: %d bytes, want: all %d", test.format, len(got), len(test.text))
		}
	}
}

func TestALongMessageKeepsItsBeginning(t *testing.T) {
	text, _ := message.Parse("R&D: {name} "+strings.Repeat("x", 3000), []string{"name"})
	got := shown(t, Encode(Choose("discord", parsed(t, "https://chat.example")), text, map[string]string{"name": "Tim"}))
	if utf8.RuneCountInString(got) != 2000 || !strings.HasPrefix(got, "R&D: Tim xxx") {
		t.Errorf("got: %.40s (%d characters), want: 2000 from the beginning", got, utf8.RuneCountInString(got))
	}
}
