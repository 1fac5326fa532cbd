package judge

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// names are what people, and those who mean harm, may call themselves.
var names = []string{
	"", " ", "Tim", "Zoë Müller-Lüdenscheidt", "李小龍", "Ἀριστοτέλης", "محمد", "שלום", "नमस्ते", "ไทย",
	"e\u0301", "Z\u0351\u0343a\u0348\u0333l\u035cg\u0362o", "👩‍👩‍👧‍👦", "🇩🇪", "\U0001F600\U0001F3FF", "ﬁ", "Å",
	"\u202egnp.exe", "a\u2066b\u2069c", "\u061c\u200e\u200f", "\u200b\u200c\u200d\ufeff", "\u00ad", "\u2028\u2029", "\u0085",
	"\x00", "a\x00b", "\x1b[31mred", "a\r\nb\tc", "\x7f\u009f", "\ufffd", "\ufffe\uffff", "\ue000", "\U000E0041\U000E007F", "\U0010FFFF",
	"\xff\xfe", "a\xc3", "\xed\xa0\xbd\xed\xb8\x80", "\xf0\x9f\x98", "\xc0\x80", "\x80\x80\x80",
	"@everyone", "@here", "<!channel>", "<@U012345>", "<users/all>", "<at user_id=\"all\">", "<https://evil.example|click>",
	"[click](https://evil.example)", "https://evil.example", "javascript://%0a", ":// :// ://", "://", "*b* _i_ ~s~ `c` ||x||", "# head", "> quote", "- list",
	"\\", "\\\\", "\\\\\\*", "a\\", "&", "&amp;", "&lt;script&gt;", "<script>alert(1)</script>", "';DROP TABLE user;--",
	`"`, `","admin":true,"x":"`, `{"name":"x"}`, `\u0000`, `\ud83d`, `${jndi:ldap://x}`, "{{.Env}}", "{name}", "{email}{id}", "{nobody}", "{", "}", "%s%n%d", "%00", "../../etc/passwd",
	"null", "true", "0", "-1e999", "NaN", "undefined", "(unbekannt)", "…", "a…",
	strings.Repeat("a", 199), strings.Repeat("a", 200), strings.Repeat("a", 201), strings.Repeat("ä", 200), strings.Repeat("😀", 201),
	strings.Repeat("x ", 150), strings.Repeat("&", 10000), strings.Repeat("\\", 10000), strings.Repeat("*", 201), strings.Repeat("<", 10000),
	strings.Repeat("\u0301", 10000), strings.Repeat(" ", 65535) + "é", strings.Repeat("é ", 5000), strings.Repeat("\u202e", 22000) + "tail",
}

// texts are what else is written in words: paths, types, numbers, options.
var texts = []string{
	"/api/v1/auths/signup", "/api/v1/auths/signup\n", "/api/v1/auths/signup\n\n", "/api/v1/auths/signup/", "/api/v1/auths/signin", "/API/v1/auths/signup", "/",
	"application/json", "application/json; charset=utf-8", "text/html", "APPLICATION/PROBLEM+JSON", "gzip", "x-gzip", " GZIP ", "identity", "br", "zstd", "deflate",
	"0", "1", "-1", "0.5", "1.75", "60", "3600", "3601", "1e3", "0x10", "inf", "-inf", "nan", "1e300", " 5 ", "5s", "Thu, 01 Jan 2026 00:00:30 GMT", "Thu, 01 Jan 2025 00:00:00 GMT", "Thursday, 01-Jan-26 00:10:00 GMT", "Thu Jan  1 02:00:00 2026",
	"10s", "7d", "1d12h", "1d1d", "0s", "0d0s", "-5m", "36501d", "99999999999999999999d", "9999999h", "1.5h", "1h30m", "5", "d", "1D",
	"https://hooks.slack.com/services/T/B/x", "https://hooks.slack.com/other", "https://HOOKS.slack-gov.com/workflows/x", "https://discord.com/api/webhooks/1/t", "https://discord.com/api/webhooks/1/t/slack", "https://discord.com/api/webhooks/1/t?thread_id=5", "https://ptb.discordapp.com/api/webhooks/", "https://discord.com.evil.example/api/webhooks/1",
	"http://127.0.0.1:8080/hook", "http://[::1]:1/", "http://host:0/", "http://host:65536/", "http://host:a/", "http://", "https:///path", "ftp://host/", "//host", "host/path", "http://ho st/", "http://host/%zz", "http://user:secret@host/p?q#f", "HTTPS://HOST", "http://münchen.example/ü", "://", "http://host/\x01",
	"auto", "text", "slack", "discord", "json", "Slack", "X-Key", "x-key", "Authorization", "Content-Length", "webhook-id", "a b", "Host", "Ünicode", "X:Y", "",
	"webhookURL", "webhookUrl", "webhook-url", "WEBHOOK_URL", "mesage", "massage", "formt", "header", "timeuot", "retryFor", "weebhoookurlfiles",
	"Neuer Benutzer registriert: {name}", "{name}{email}{role}{id}{event}{time}", "{NAME}", "{nobody} {name} {nobody} {nowhere}", "{name} {nobody}", "{{name}}", "{name", "name}", "{na me}", "{name}{", `{"text":"{name}"}`, strings.Repeat("{name}", 500), strings.Repeat("…", 3000) + "{name}",
}

// document is a JSON document whole or nearly so, and how one gets another.
var documents = []string{
	`{"id":"0c0ffee0-0000-4000-8000-000000000001","name":"Tim","role":"pending","email":"tim@example.org"}`,
	`{"next_step":"pending"}`, `{}`, ` {} `, `[]`, `[{"name":"Tim"}]`, `"name"`, `null`, `true`, `12`, ``, ` `, `{`, `{"`, `{"name`, `{"name"`, `{"name":`, `{"name":"`, `{"name":"Ti`, `{"name":"Ti\`, `{"name":"Ti\\`, `{"name":"Ti\u00`, `{"name":"\ud83d\ude00"}`, `{"name":"\ud83d"}`, `{"name":"\ude00\ud83d"}`, `{"name":"a\u0000b"}`,
	`{"name":null}`, `{"name":5}`, `{"name":1e5,"id":-0.10}`, `{"name":true}`, `{"name":["Tim"]}`, `{"name":{"name":"inner"}}`, `{"user":{"name":"inner"},"name":"outer"}`, `{"name":"a","name":"b"}`, `{"name":"a","name":null}`, `{"name":"a","name":""}`, `{"Name":"a","NAME":"b"}`, `{"na\u006de":"escaped"}`,
	`{"name":"a"}{"name":"b"}`, `{"name":"a"} trailing`, `{"name":"a",}`, `{'name':'a'}`, `{name:"a"}`, `{"name":"a" "email":"b"}`, "{\"name\":\"a\nb\"}", "{\n\t\"name\" : \"Tim\" ,\r\n \"email\" : \"t@x\"\n}", `{"email":"TIM@EXAMPLE.ORG"}`, `{"name":" ","email":" "}`, `{"name":"\u200b","email":"x@y"}`,
	"\ufeff" + `{"name":"marked"}`, `{"name":"` + strings.Repeat("x", 70000) + `"}`, `{"picture":"` + strings.Repeat("x", 70000) + `","name":"late"}`, strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200), strings.Repeat("[", 3000),
	"{\"name\":\"\xff\xfe\"}", "{\"\xff\":1}", `{"name":"<b>&\"\\\/\b\f"}`, `{"":"","name":"x"}`, `{"name.first":"x","*":"y","name":"z"}`,
}

// generator makes inputs from a seed: the same ones at every run.
type generator struct {
	*rand.Rand
}

func newGenerator(seed uint64) *generator {
	return &generator{rand.New(rand.NewPCG(seed, 0))}
}

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// name is one of names, two of them, or runes from anywhere.
func (g *generator) name() string {
	switch g.IntN(4) {
	case 0:
		return pick(g, names)
	case 1:
		return g.mutate(pick(g, names)) + pick(g, names)
	}

	ranges := []int{0x80, 0x100, 0x250, 0x2100, 0x10000, 0x110000}

	var text strings.Builder

	for range g.IntN(40) {
		text.WriteRune(rune(g.IntN(pick(g, ranges))))
	}

	return text.String()
}

// text is one of texts or names, often spoilt a little.
func (g *generator) text() string {
	text := pick(g, texts)
	if g.IntN(4) == 0 {
		text = pick(g, names)
	}

	if g.IntN(2) == 0 {
		text = g.mutate(text)
	}

	return text
}

// mutate changes a text in a few places.
func (g *generator) mutate(text string) string {
	pieces := []string{`"`, `\`, "{", "}", "[", ",", ":", "://", "\n", "\x00", "é", "\xff", "😀", "\u202e", "&", "<", "@", "name", `"name":"x",`, " ", "0", "…"}
	data := []byte(text)

	for range 1 + g.IntN(3) {
		at := g.IntN(len(data) + 1)

		switch g.IntN(4) {
		case 0:
			data = data[:at]
		case 1:
			data = append(data[:at:at], append([]byte(pick(g, pieces)), data[at:]...)...)
		case 2:
			if at < len(data) {
				data = bytes.Clone(data)
				data[at] = byte(g.IntN(256))
			}
		case 3:
			data = append(data[:at:at], data[min(len(data), at+1+g.IntN(5)):]...)
		}
	}

	return string(data)
}

// document is a JSON object that tells of an account, or nearly one.
func (g *generator) document() string {
	switch g.IntN(6) {
	case 0:
		return pick(g, documents)
	case 1:
		return g.mutate(pick(g, documents))
	}

	var doc strings.Builder

	doc.WriteString("{")

	for i := range g.IntN(7) {
		if i > 0 {
			doc.WriteString(",")
		}

		key := pick(g, []string{"id", "name", "email", "role", "name", "email", "Name", "profile_image_url", "permissions", ""})
		doc.WriteString(strconv.Quote(key) + ":" + g.value())
	}

	doc.WriteString("}")

	if g.IntN(5) == 0 {
		return g.mutate(doc.String())
	}

	return doc.String()
}

func (g *generator) value() string {
	switch g.IntN(8) {
	case 0:
		return pick(g, []string{"null", "true", "17", "-0.5e3", "[]", "{}", `["a"]`, `{"name":"inner","id":7}`, `"\ud83d"`, `"\u00e9\n"`})
	case 1:
		return `"` + g.name() + `"`
	}

	data, _ := json.Marshal(g.name())

	return string(data)
}

// encoded is a document as Python would still read it.
func (g *generator) encoded(doc string) string {
	var order binary.AppendByteOrder = binary.LittleEndian
	if g.IntN(2) == 0 {
		order = binary.BigEndian
	}

	data := []byte{}

	switch g.IntN(8) {
	case 0:
		return "\ufeff" + doc
	case 1:
		runes := []rune(doc)
		if g.IntN(2) == 0 {
			runes = append([]rune{0xFEFF}, runes...)
		}

		for _, r := range runes {
			data = order.AppendUint32(data, uint32(r))
		}
	case 2, 3:
		units := utf16.Encode([]rune(doc))
		if g.IntN(2) == 0 {
			units = append([]uint16{0xFEFF}, units...)
		}

		for _, u := range units {
			data = order.AppendUint16(data, u)
		}
	default:
		return doc
	}

	if g.IntN(8) == 0 && len(data) > 0 {
		data = data[:len(data)-1]
	}

	return string(data)
}

// zipped compresses, and now and then spoils.
func (g *generator) zipped(doc string) string {
	var packed bytes.Buffer

	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write([]byte(doc))
	_ = writer.Close()

	if g.IntN(4) == 0 {
		return g.mutate(packed.String())
	}

	return packed.String()
}

// recording is one of the repository's recorded requests or answers.
type recording struct {
	name string
	data []byte // head and body as they were sent
}

func (r recording) body() string {
	_, body, _ := bytes.Cut(r.data, []byte("\r\n\r\n"))
	return string(body)
}

// recordings are those whose file's name has that ending.
func recordings(t testing.TB, ending string) []recording {
	t.Helper()

	paths, err := filepath.Glob("../../testdata/*/*." + ending)
	if err != nil || len(paths) == 0 {
		t.Fatalf("recordings *.%s, got: %d, %v, want: some", ending, len(paths), err)
	}

	found := make([]recording, 0, len(paths))

	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}

		found = append(found, recording{name: filepath.Base(path), data: data})
	}

	return found
}

var statuses = []int{
	http.StatusOK, http.StatusCreated, http.StatusNoContent, http.StatusPartialContent, 299, 300,
	http.StatusMovedPermanently, http.StatusFound, http.StatusNotModified, http.StatusTemporaryRedirect,
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
	http.StatusRequestTimeout, http.StatusGone, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	http.StatusUnprocessableEntity, http.StatusTooEarly, http.StatusTooManyRequests, 499,
	http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, 599,
}
