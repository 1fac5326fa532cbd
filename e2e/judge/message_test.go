package judge

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/doubles"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/internal/message"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// limit is how long a text a format's receiver takes.
type limit struct {
	most    int // 0: as long as it is
	measure func(text string) int
}

func inUTF16(text string) int { return len(utf16.Encode([]rune(text))) }

func inBytes(text string) int { return len(text) }

// limits are those of each format.
var limits = map[string]limit{
	"text": {}, "json": {}, "gotify": {},
	"slack": {40000, utf8.RuneCountInString}, "discord": {2000, utf8.RuneCountInString}, "mattermost": {16383, utf8.RuneCountInString},
	"telegram": {4096, inUTF16}, "rocketchat": {5000, inUTF16},
	"googlechat": {32000, inBytes}, "ntfy": {4095, inBytes}, "wecom": {2048, inBytes},
	"teams": {28000, inBytes}, "dingtalk": {20000, inBytes}, "feishu": {20000, inBytes},
}

// shapes are what each receiver takes, with TEXT where the text goes. They are
// written anew here, by the receivers' documentation.
var shapes = map[string]string{
	"json":       `{"type":"","timestamp":"","data":{"message":"TEXT","name":"NAME","email":"NAME","role":"","id":""}}`,
	"slack":      `{"text":"TEXT","mrkdwn":false,"unfurl_links":false,"unfurl_media":false}`,
	"discord":    `{"content":"TEXT","allowed_mentions":{"parse":[]},"flags":4}`,
	"googlechat": `{"text":"TEXT"}`,
	"teams":      `{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard","version":"1.4","body":[{"type":"TextBlock","text":"TEXT","wrap":true}]}}]}`,
	"mattermost": `{"text":"TEXT"}`,
	"rocketchat": `{"text":"TEXT","parseUrls":false}`,
	"telegram":   `{"chat_id":"-7","text":"TEXT","link_preview_options":{"is_disabled":true}}`,
	"gotify":     `{"title":"Open WebUI","message":"TEXT"}`,
	"wecom":      `{"msgtype":"text","text":{"content":"TEXT"}}`,
	"dingtalk":   `{"msgtype":"text","text":{"content":"TEXT"},"at":{"isAtAll":false}}`,
	"feishu":     `{"msg_type":"text","content":{"text":"TEXT"}}`,
}

// textOf takes the text out of what a receiver gets, and looks at all the rest.
func textOf(t *testing.T, format, field string, body []byte) string {
	t.Helper()

	if shapes[format] == "" {
		return string(body)
	}

	var got, want any
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatalf("%s, got: %q: %v, want: JSON", format, body, err)
	}

	if err := json.Unmarshal([]byte(shapes[format]), &want); err != nil {
		t.Fatal(err)
	}

	text := ""
	if difference := differ(want, got, field, &text); difference != "" {
		t.Errorf("%s: %s, in: %s", format, difference, body)
	}

	return text
}

// differ compares a document with its shape, and tells where they differ.
func differ(want, got any, field string, text *string) string {
	switch shape := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok || len(object) != len(shape) {
			return fmt.Sprintf("got: %v, want: the keys of %v", got, shape)
		}

		for key, value := range shape {
			if difference := differ(value, object[key], field, text); difference != "" {
				return key + ": " + difference
			}
		}

		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(shape) {
			return fmt.Sprintf("got: %v, want: as many as in %v", got, shape)
		}

		for i, value := range shape {
			if difference := differ(value, list[i], field, text); difference != "" {
				return difference
			}
		}

		return ""
	}

	if want == "TEXT" {
		found, ok := got.(string)
		*text = found

		if !ok {
			return fmt.Sprintf("got: %v, want: a text", got)
		}

		return ""
	}

	if want == "NAME" {
		want = field
	}

	if got != want {
		return fmt.Sprintf("got: %v, want: %v", got, want)
	}

	return ""
}

// live is what must not be left of a stranger's markup, by format.
var live = map[string]*regexp.Regexp{
	"slack":      regexp.MustCompile("[<>*_~`]|://|[@#:./\\[\\]|!](?:[^\u200b]|$)"),
	"discord":    regexp.MustCompile(`://`),
	"googlechat": regexp.MustCompile("://|[<@.](?:[^\u200b]|$)|`"),
	"teams":      regexp.MustCompile(`://`),
	"mattermost": regexp.MustCompile(`://|[<@&:#~](?:[^\x{200b}]|$)`),
	"rocketchat": regexp.MustCompile(`://|[<@:#](?:[^\x{200b}]|$)`),
	"telegram":   regexp.MustCompile(`://|[@#/.](?:[^\x{200b}]|$)`),
	"gotify":     regexp.MustCompile(`://`),
	"ntfy":       regexp.MustCompile(`://`),
	"wecom":      regexp.MustCompile(`://|<(?:[^\x{200b}]|$)`),
	"dingtalk":   regexp.MustCompile(`://`),
	"feishu":     regexp.MustCompile(`://|<(?:[^\x{200b}]|$)|\]\(`),
}

// escaped are the characters that need a backslash, where one is an escape.
var escaped = map[string]string{
	"discord":    "*_~`|<>#@[]():",
	"teams":      "*_~`|<>#@[]():&=!{}",
	"mattermost": "*_~`|>#[]()$!{}",
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

		for _, format := range formats[1:] { // the first is auto
			checkBody(t, speak, format, template, parsed, field)
		}
	})
}

// asTyped are the formats that carry a name as it was typed, for programs.
var asTyped = map[string]bool{"text": true, "json": true}

// plainTexts are the formats whose body is the text itself.
var plainTexts = map[string]bool{"text": true, "ntfy": true}

// A format without a row here would pass whatever it does.
func TestEachFormatIsJudged(t *testing.T) {
	for _, format := range formats[1:] {
		if _, has := limits[format]; !has {
			t.Errorf("%s: got: no row of limits, want: how long a text its receiver takes", format)
		}

		if shapes[format] == "" && !plainTexts[format] {
			t.Errorf("%s: got: no row of shapes, want: the body that its receiver takes", format)
		}

		if live[format] == nil && !asTyped[format] {
			t.Errorf("%s: got: no row of live, want: what must not be left of markup", format)
		}
	}
}

// A new service's URLs, and a new event's requests, are asked too.
func TestEachServiceAndEventIsJudged(t *testing.T) {
	recognised := map[string]bool{}
	for _, address := range receiverURLs {
		recognised[wordOf(t, address)] = true
	}

	for _, service := range doubles.Services() {
		if word := wordOf(t, service.URL); !recognised[word] {
			t.Errorf("%s: got: none of receiverURLs is recognised as %s, want: one", service.Name, word)
		}
	}

	rows := openwebui.Watched(openwebui.Events())
	asked, read := map[string]bool{}, map[string]bool{}

	for _, at := range watchedPaths {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if row := openwebui.Find(rows, method, at); row != nil {
				asked[row.Path] = true
			}
		}
	}

	for _, door := range append(otherDoors, signupDoor) {
		method, at, _ := strings.Cut(door, " ")
		if row := openwebui.Find(rows, method, at); row != nil {
			read[row.Event] = true
		}
	}

	for _, row := range rows {
		if !asked[row.Path] && !strings.HasSuffix(signupDoor, row.Path) {
			t.Errorf("%s %s: got: no path of watchedPaths, want: one", row.Method, row.Path)
		}

		if !read[row.Event] {
			t.Errorf("%s: got: none of its requests in otherDoors, want: one", row.Event)
		}
	}
}

func wordOf(t *testing.T, address string) string {
	t.Helper()

	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}

	return receiver.Word(receiver.Auto, target)
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

func checkBody(t *testing.T, speak *speaker, format, template string, parsed *message.Template, field string) {
	t.Helper()

	target := &url.URL{Scheme: "https", Host: "receiver.example.org", Path: "/", RawQuery: "chat_id=-7"}
	body := receiver.Encode(receiver.Choose(format, target), parsed, map[string]string{"name": field, "email": field})

	if got := speak.encode("Encode.Data", []string{format, target.String(), template, field, field}); got != string(body.Data) {
		t.Errorf("%s, interpreted, got: %q, want, as compiled: %q", format, got, body.Data)
	}

	text := textOf(t, format, field, body.Data)

	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) && !strings.ContainsRune(template+field, utf8.RuneError) {
		t.Errorf("%s, got: %q, want: whole characters", format, text)
	}

	if limit := limits[format]; limit.most > 0 && limit.measure(text) > limit.most {
		t.Errorf("%s, length, got: %d, want: at most %d", format, limit.measure(text), limit.most)
	}

	// Only what the stranger wrote must be harmless.
	alone, _ := message.Parse("{name}", []string{"name"})
	made := receiver.Encode(receiver.Choose(format, target), alone, map[string]string{"name": field, "email": field})
	harmless := textOf(t, format, field, made.Data)

	if live[format] != nil && live[format].MatchString(harmless) {
		t.Errorf("%s, got: %q, want: nothing live in it", format, harmless)
	}

	if escaped[format] != "" {
		checkEscaped(t, format, harmless)
	}
}

// checkEscaped looks for punctuation that would be read as markup.
func checkEscaped(t *testing.T, format, text string) {
	t.Helper()

	after := false

	for _, r := range text {
		if !after && strings.ContainsRune(escaped[format], r) {
			t.Errorf("%s, got: %q, want: a backslash before %q", format, text, r)
			return
		}

		after = !after && r == '\\'
	}

	if after {
		t.Errorf("%s, got: %q, want: no backslash without its character", format, text)
	}
}
