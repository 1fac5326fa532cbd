package receiver

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

const (
	slackBody   = `{"text":"+Tim","unfurl_links":false,"unfurl_media":false}`
	discordBody = `{"allowed_mentions":{"parse":[]},"content":"+Tim","flags":4}`
	jsonType    = "application/json"
	textType    = "text/plain; charset=utf-8"
)

func TestEncode(t *testing.T) {
	tests := []struct {
		desc   string
		format string
		target string
		want   string
		media  string
	}{
		{desc: "any URL", format: "auto", target: "https://hooks.example/x", want: "+Tim", media: textType},
		{desc: "Slack's", format: "auto", target: "https://hooks.slack.com/services/T/B/x", want: slackBody, media: jsonType},
		{desc: "Slack's in upper case, with a port", format: "auto", target: "https://HOOKS.Slack.com:443/services/T/B/x", want: slackBody, media: jsonType},
		{desc: "Slack's for governments", format: "auto", target: "https://hooks.slack-gov.com/services/T/B/x", want: slackBody, media: jsonType},
		{desc: "Slack's workflows", format: "auto", target: "https://hooks.slack.com/workflows/x", want: slackBody, media: jsonType},
		{desc: "Slack's triggers", format: "auto", target: "https://hooks.slack.com/triggers/x", want: slackBody, media: jsonType},
		{desc: "another path of Slack's", format: "auto", target: "https://hooks.slack.com/x", want: "+Tim", media: textType},
		{desc: "a host that only ends like Slack's", format: "auto", target: "https://xhooks.slack.com/services/x", want: "+Tim", media: textType},
		{desc: "Discord's", format: "auto", target: "https://discord.com/api/webhooks/1/x?thread_id=2", want: discordBody, media: jsonType},
		{desc: "Discord's old host", format: "auto", target: "https://discordapp.com/api/webhooks/1/x", want: discordBody, media: jsonType},
		{desc: "Discord's canary", format: "auto", target: "https://canary.discord.com/api/webhooks/1/x", want: discordBody, media: jsonType},
		{desc: "Discord's test build", format: "auto", target: "https://ptb.discord.com/api/webhooks/1/x", want: discordBody, media: jsonType},
		{desc: "Discord's for Slack's body", format: "auto", target: "https://discord.com/api/webhooks/1/x/slack", want: slackBody, media: jsonType},
		{desc: "another path of Discord's", format: "auto", target: "https://discord.com/x", want: "+Tim", media: textType},
		{desc: "the word goes before the URL", format: "text", target: "https://discord.com/api/webhooks/1/x", want: "+Tim", media: textType},
		{desc: "slack by word", format: "slack", target: "http://chat.example/x", want: slackBody, media: jsonType},
		{desc: "discord by word", format: "discord", target: "http://chat.example/x", want: discordBody, media: jsonType},
	}
	text, _ := message.Parse("+{name}", []string{"name"})
	for _, test := range tests {
		target, err := url.Parse(test.target)
		if err != nil {
			t.Fatal(err)
		}
		got := Encode(test.format, target, text, map[string]string{"name": "Tim"})
		if string(got.Data) != test.want || got.ContentType != test.media {
			t.Errorf("%s: got: %s %s, want: %s %s", test.desc, got.ContentType, got.Data, test.media, test.want)
		}
		wantAgent := "signupwebhook "
		if test.want == discordBody {
			wantAgent = "DiscordBot ("
		}
		if !strings.HasPrefix(got.UserAgent, wantAgent) {
			t.Errorf("%s: got: %q, want: %s…", test.desc, got.UserAgent, wantAgent)
		}
	}
}

func TestStrangers(t *testing.T) {
	tests := []struct {
		desc   string
		format string
		name   string
		want   string
	}{
		{desc: "plain text is as it is", format: "text", name: `<!channel> https://evil.example "x"`, want: `<!channel> https://evil.example "x"`},
		{desc: "Slack's mention", format: "slack", name: "<!channel> & <@U1>", want: "&lt;!channel&gt; &amp; &lt;@U1&gt;"},
		{desc: "Slack's link", format: "slack", name: "<https://evil.example|login>", want: "&lt;https: //evil.example|login&gt;"},
		{desc: "Discord's mention", format: "discord", name: "@everyone <@1>", want: `\@everyone \<\@1\>`},
		{desc: "Discord's link", format: "discord", name: "[login](https://evil.example)", want: `\[login\]\(https: //evil.example\)`},
		{desc: "Discord's markup", format: "discord", name: "# *a* _b_ ~c~ `d` ||e|| > - \\", want: "\\# \\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|\\|e\\|\\| \\> \\- \\\\"},
		{desc: "JSON in a name", format: "discord", name: `","content":"x`, want: `","content":"x`},
	}
	target := &url.URL{Scheme: "https", Host: "chat.example"}
	text, _ := message.Parse("{name}", []string{"name"})
	for _, test := range tests {
		body := Encode(test.format, target, text, map[string]string{"name": test.name})
		got := shown(t, body)
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}

// shown is the text in a body.
func shown(t *testing.T, body Body) string {
	t.Helper()
	if body.ContentType == textType {
		return string(body.Data)
	}
	var parsed map[string]interface{}
	err := json.Unmarshal(body.Data, &parsed)
	if err != nil {
		t.Fatalf("%s: %v", body.Data, err)
	}
	for _, key := range []string{"text", "content"} {
		if parsed[key] != nil {
			text, _ := parsed[key].(string)
			return text
		}
	}
	return ""
}

func TestLimits(t *testing.T) {
	tests := []struct {
		desc   string
		format string
		name   string
		limit  int
	}{
		{desc: "Slack, in an entity", format: "slack", name: "&", limit: 40000},
		{desc: "Discord, in an escape", format: "discord", name: "*", limit: 2000},
		{desc: "Discord, wide characters", format: "discord", name: "🎉", limit: 2000},
	}
	target := &url.URL{Scheme: "https", Host: "chat.example"}
	for _, test := range tests {
		for start := 0; start < 6; start++ {
			literal := strings.Repeat("x", test.limit-20+start)
			text, _ := message.Parse(literal+"{name}", []string{"name"})
			body := Encode(test.format, target, text, map[string]string{"name": strings.Repeat(test.name, 200)})
			got := shown(t, body)
			if utf8.RuneCountInString(got) > test.limit || utf8.RuneCountInString(got) < test.limit-6 {
				t.Errorf("%s: got: %d characters, want: nearly %d", test.desc, utf8.RuneCountInString(got), test.limit)
			}
			end := strings.TrimSuffix(got, "…")
			if end == got || strings.HasSuffix(end, "&") || strings.HasSuffix(end, "&am") || strings.HasSuffix(end, `\`) {
				t.Errorf("%s: got: …%s, want: a cut between characters", test.desc, got[len(got)-12:])
			}
		}
	}
}

func TestALongMessageKeepsItsBeginning(t *testing.T) {
	target := &url.URL{Scheme: "https", Host: "chat.example"}
	text, _ := message.Parse("R&D: {name} "+strings.Repeat("x", 3000), []string{"name"})
	got := shown(t, Encode("discord", target, text, map[string]string{"name": "Tim"}))
	if utf8.RuneCountInString(got) != 2000 || !strings.HasPrefix(got, "R&D: Tim xxx") {
		t.Errorf("got: %.40s (%d characters), want: 2000 from the beginning", got, utf8.RuneCountInString(got))
	}
}

func TestFormats(t *testing.T) {
	got := strings.Join(Formats(), " ")
	want := "auto text slack discord"
	if got != want {
		t.Errorf("got: %s, want: %s", got, want)
	}
}
