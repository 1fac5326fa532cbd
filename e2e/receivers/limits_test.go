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

// A message that is too long is taken all the same: its beginning is shown,
// with the mark of the cut, and no character is cut in half.
func TestLimits(t *testing.T) {
	for _, service := range doubles.Services() {
		if service.Most == 0 {
			t.Errorf("%s: got: no Most in its double, want: how long a text it shows", service.Name)
			continue
		}

		// The cut moves, into every place of an escape, and into the name,
		// which stands at the end.
		for _, fill := range fills {
			for shift := range 12 {
				text := strings.Repeat("x", service.Most-40+shift) + "{name}"

				if fault := limited(t, service, text, fieldsOf(strings.Repeat(fill, 100))); fault != "" {
					t.Errorf("%s, %d and %q: %s", service.Name, shift, fill, fault)
					break
				}
			}
		}

		// The administrator's own text can be too long as well; quotes and
		// umlauts take more room.
		for _, fill := range []string{"x", `"`, "ü", "🎉"} {
			text := strings.Repeat(fill, service.Most+1)
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
