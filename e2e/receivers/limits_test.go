package receivers

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/doubles"
)

// fills are what makes a message long: one, two, three and four bytes a
// character, one and two units of UTF-16, escapes, entities, and characters
// that are several.
var fills = []string{"x", "ü", "…", "🎉", "&", "<", "*", `\`, `"`, "@", "#", "`", "e\u0301", "👩‍🚀", "🇩🇪", "\u2028"}

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

	// Between the parts of what people see as one character?
	rest := want[len(begin):]
	if strings.HasPrefix(rest, "\u0301") || strings.HasPrefix(rest, "\u200d") || strings.HasSuffix(begin, "\u200d") {
		return "got: a character cut in half"
	}

	if !got.Harmless() {
		return "got: markup at the cut"
	}

	return ""
}
