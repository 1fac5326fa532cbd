package receivers

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/doubles"
	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// fills are what makes a message long: one, two, three and four bytes a
// character, one and two units of UTF-16, escapes, entities, and characters
// that are several.
var fills = []string{"x", "ü", "…", "🎉", "&", "<", "*", `\`, `"`, "@", "#", "`", "e\u0301", "👩‍🚀", "🇩🇪", "\u2028",
	"🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "\u1112\u1161\u11ab", "하\u11ab", "1\ufe0f\u20e3", "👍🏿", "👨🏻‍❤️‍💋‍👨🏿"}

// limits are the services' own, and for those without one what is long enough
// to see that. Zulip's is lower than that of Slack, whose format it takes, and
// it cuts by itself.
var limits = map[string]int{
	"slack": 40000, "discord": 2000, "discord for Slack's body": 2000, "googlechat": 32000, "teams": 27000, "mattermost": 16383, "rocketchat": 5000,
	"telegram": 4096, "gotify": 40000, "ntfy": 4095, "wecom": 2048, "dingtalk": 19000, "feishu": 19000, "zulip": 9000, "hookshot": 40000,
	"homeassistant": 40000, "n8n": 40000,
}

// A message that is too long is taken all the same: its beginning is shown,
// with the mark of the cut, and no character is cut in half.
func TestLimits(t *testing.T) {
	for _, service := range doubles.Services() {
		// The cut moves, into every place of an escape, and into the name,
		// which stands at the end.
		for _, fill := range fills {
			for shift := range 12 {
				text := strings.Repeat("x", limits[service.Name]-40+shift) + "{name}"

				if fault := limited(t, service, text, fieldsOf(strings.Repeat(fill, 100))); fault != "" {
					t.Errorf("%s, %d and %q: %s", service.Name, shift, fill, fault)
					break
				}
			}
		}

		// The administrator's own text can be too long as well; quotes and
		// umlauts take more room.
		for _, fill := range []string{"x", `"`, "ü", "🎉"} {
			text := strings.Repeat(fill, limits[service.Name]+1)
			if fault := limited(t, service, text, fieldsOf("Tim")); fault != "" && service.Name != "zulip" {
				t.Errorf("%s, %q alone: %s", service.Name, fill, fault)
			}
		}

		// No limit is so low that the usual message would be cut.
		long := fieldsOf(strings.Repeat("👩‍🚀", 500))
		body := encode(t, service.Formats[0], service, greeting, long)

		got, err := service.Read(t, headerOf(body), body.Data)
		if err != nil {
			t.Fatal(err)
		}

		if want := meant(t, greeting, long); !strings.HasSuffix(same(got.Text), want) {
			t.Errorf("%s: got: %q, want: %q", service.Name, got.Text, want)
		}
	}
}

// limited tells what is wrong with what a service shows of a long message.
func limited(t *testing.T, service doubles.Service, text string, fields map[string]string) string {
	t.Helper()

	body := encode(t, service.Formats[0], service, text, fields)
	if !utf8.Valid(body.Data) {
		return "got: no UTF-8"
	}

	got, err := service.Read(t, headerOf(body), body.Data)
	if err != nil {
		return err.Error()
	}

	want := meant(t, text, fields)
	shown := strings.TrimPrefix(same(got.Text), "Received webhook data: ")

	if shown == want {
		return ""
	}

	if asTyped[service.Formats[0]] {
		return "got: another text, though programs take any"
	}

	begin, marked := strings.CutSuffix(shown, "…")
	if !marked || !strings.HasPrefix(want, begin) {
		return "got: …" + strings.ToValidUTF8(shown[max(0, len(shown)-40):], "") + ", want: the beginning and the mark of a cut"
	}

	if !between(want, len(begin)) {
		return "got: a character cut in half: …" + strconv.QuoteToASCII(shown[max(0, len(shown)-40):])
	}

	if !got.Harmless() {
		return "got: markup at the cut"
	}

	return ""
}

// between tells whether a place is one between what people see as characters,
// or at either end.
func between(text string, at int) bool {
	characters := uniseg.NewGraphemes(text)
	for characters.Next() {
		from, to := characters.Positions()
		if at > from && at < to {
			return false
		}
	}

	return true
}

// A name is cut between characters too.
func TestNamesAreCutBetweenCharacters(t *testing.T) {
	for _, fill := range fills {
		for shift := range 12 {
			name := strings.Repeat("x", shift) + strings.Repeat(fill, 250)
			begin, marked := strings.CutSuffix(message.Clean(name), "…")

			if marked && !between(name, len(begin)) {
				t.Errorf("%d and %+q: got: …%+q, want: a cut between characters", shift, fill, begin[len(begin)-16:])
			}
		}
	}
}
