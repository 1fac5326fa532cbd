package judge

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/internal/message"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// limits are how many characters each format's receiver takes; 0: as many as
// there are.
var limits = map[string]int{"text": 0, "slack": 40000, "discord": 2000}

// textOf takes the text out of what a receiver gets. It is written anew here,
// by the receivers' documentation.
var textOf = map[string]func(t *testing.T, body []byte) string{
	"text": func(_ *testing.T, body []byte) string { return string(body) },
	"slack": func(t *testing.T, body []byte) string {
		var got struct {
			Text  string `json:"text"`
			Links *bool  `json:"unfurl_links"`
			Media *bool  `json:"unfurl_media"`
		}
		decodeAll(t, body, &got)

		if got.Links == nil || *got.Links || got.Media == nil || *got.Media {
			t.Errorf("previews, got: %s, want: both switched off", body)
		}

		return got.Text
	},
	"discord": func(t *testing.T, body []byte) string {
		var got struct {
			Content  string `json:"content"`
			Mentions *struct {
				Parse []string `json:"parse"`
			} `json:"allowed_mentions"`
			Flags int `json:"flags"`
		}
		decodeAll(t, body, &got)

		if got.Mentions == nil || got.Mentions.Parse == nil || len(got.Mentions.Parse) > 0 || got.Flags != 4 {
			t.Errorf("mentions and previews, got: %s, want: none allowed", body)
		}

		return got.Content
	},
}

// live is what must not be left of a stranger's markup, by format.
var live = map[string][]string{
	"text":    nil,
	"slack":   {"<", ">", "://"},
	"discord": {"://"},
}

func decodeAll(t *testing.T, body []byte, into any) {
	t.Helper()

	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()

	if err := decoder.Decode(into); err != nil {
		t.Fatalf("the body, got: %q: %v, want: JSON of the known keys", body, err)
	}
}

// speaker calls the interpreted functions that make a message.
type speaker struct {
	clean  func(string) string
	encode func(string, []string) string
}

var interpretedSpeaker = struct {
	sync.Mutex
	made *speaker
}{}

func newSpeaker(t testing.TB) *speaker {
	t.Helper()
	interpretedSpeaker.Lock()
	defer interpretedSpeaker.Unlock()

	if interpretedSpeaker.made != nil {
		return interpretedSpeaker.made
	}

	gopath, module := copied(t)

	interpreter, err := interp.Open(gopath, &output{}, &output{})
	if err != nil {
		t.Fatal(err)
	}

	for _, pkg := range []string{"message", "receiver"} {
		if err := interp.Import(interpreter, path.Join(module, "internal", pkg)); err != nil {
			t.Fatal(err)
		}
	}

	clean, err := interpreter.Eval("message.Clean")
	if err != nil {
		t.Fatal(err)
	}

	encode, err := interpreter.Eval("receiver.Judge")
	if err != nil {
		t.Fatal(err)
	}

	interpretedSpeaker.made = &speaker{
		clean:  clean.Interface().(func(string) string),
		encode: encode.Interface().(func(string, []string) string),
	}

	return interpretedSpeaker.made
}

// Whatever a person's name is, the notice of it is sound: in every format, and
// interpreted as compiled.
func FuzzMessage(f *testing.F) {
	for _, name := range names {
		f.Add(name, "Neuer Benutzer registriert: {name}")
	}

	for i, text := range texts {
		f.Add(names[i%len(names)], text)
	}

	f.Add(strings.Repeat("*", 10000), strings.Repeat("{name}", 30))
	f.Add(strings.Repeat("&", 10000), strings.Repeat("{name} ", 300))
	f.Add(strings.Repeat("\\", 10000), strings.Repeat("{name}", 9)+"x{name}")

	speak := newSpeaker(f)

	f.Fuzz(func(t *testing.T, name, template string) {
		if len(template) > 5000 {
			t.Skip("templates are the administrator's, and no longer than that")
		}

		field := message.Clean(name)
		checkField(t, name, field)

		if got := speak.clean(name); got != field {
			t.Errorf("interpreted, got: %q, want, as compiled: %q", got, field)
		}

		// What an administrator writes has placeholders that exist, and is text.
		parsed, unknown := message.Parse(template, []string{"name", "email"})
		if len(unknown) > 0 || !utf8.ValidString(template) {
			return
		}

		for format, limit := range limits {
			checkBody(t, speak, format, limit, template, parsed, field)
		}
	})
}

func checkField(t *testing.T, name, field string) {
	t.Helper()

	if !utf8.ValidString(field) {
		t.Errorf("the field, got: %q, want: UTF-8", field)
	}

	if count := utf8.RuneCountInString(field); count > 201 {
		t.Errorf("the field's length, got: %d, want: 200 and the mark of the cut", count)
	}

	if strings.TrimSpace(field) != field || strings.Contains(field, "  ") {
		t.Errorf("the field, got: %q, want: single spaces between words", field)
	}

	for _, r := range field {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r != ' ' && unicode.IsSpace(r) {
			t.Errorf("in the field %q, got: %U, want: neither control nor direction characters", field, r)
		}
	}

	if strings.ContainsRune(field, utf8.RuneError) && utf8.ValidString(name) && !strings.ContainsRune(name, utf8.RuneError) {
		t.Errorf("the field, got: %q, want: no character cut in half", field)
	}

	if again := message.Clean(field); again != field {
		t.Errorf("cleaned again, got: %q, want: %q", again, field)
	}
}

func checkBody(t *testing.T, speak *speaker, format string, limit int, template string, parsed *message.Template, field string) {
	t.Helper()

	target := &url.URL{Scheme: "https", Host: "receiver.example.org", Path: "/"}
	body := receiver.Encode(format, target, parsed, map[string]string{"name": field, "email": field})

	if got := speak.encode("Encode.Data", []string{format, target.String(), template, field, field}); got != string(body.Data) {
		t.Errorf("%s, interpreted, got: %q, want, as compiled: %q", format, got, body.Data)
	}

	text := textOf[format](t, body.Data)

	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) && !strings.ContainsRune(template+field, utf8.RuneError) {
		t.Errorf("%s, got: %q, want: whole characters", format, text)
	}

	if count := utf8.RuneCountInString(text); limit > 0 && count > limit {
		t.Errorf("%s, characters, got: %d, want: at most %d", format, count, limit)
	}

	// Only what the stranger wrote must be harmless.
	alone, _ := message.Parse("{name}", []string{"name"})
	harmless := textOf[format](t, receiver.Encode(format, target, alone, map[string]string{"name": field}).Data)

	for _, markup := range live[format] {
		if strings.Contains(harmless, markup) {
			t.Errorf("%s, got: %q, want: nothing live in it", format, harmless)
		}
	}

	if format == "discord" {
		checkEscaped(t, harmless)
	}
}

// checkEscaped looks for punctuation that Discord would read as markup.
func checkEscaped(t *testing.T, text string) {
	t.Helper()

	escaped := false

	for _, r := range text {
		if !escaped && strings.ContainsRune("*_~`|<>#@[]()", r) {
			t.Errorf("discord, got: %q, want: a backslash before %q", text, r)
			return
		}

		escaped = !escaped && r == '\\'
	}

	if escaped {
		t.Errorf("discord, got: %q, want: no backslash without its character", text)
	}
}
