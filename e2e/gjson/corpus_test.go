package gjson_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"
)

// maxRecorded is the largest body that is taken: pictures have no edges.
const maxRecorded = 8 << 10

// answers are shaped like what Open WebUI says of an account, over the years.
var answers = []string{
	`{"id":"6f1c","name":"Tim","role":"pending","email":"tim@example.org","profile_image_url":"/user.png","token":"t","token_type":"Bearer","expires_at":1790000000,"permissions":{"chat":{"delete":true},"features":{"x":[1,2,{"name":"inner"}]}}}`,
	`{"id":"6f1c","email":"tim@example.org","name":"Tim","role":"admin","expires_at":null}`,
	`{"next_step":"pending"}`,
	`{"next_step":"enroll","challenge_token":"c","expires_in":300}`,
	`{"detail":"Uh-oh! This email is already registered."}`,
	`{"detail":[{"loc":["body","name"],"msg":"field required"}]}`,
	`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"6f1c","userName":"tim@example.org","name":{"formatted":"Tim M\u00fcller","familyName":"Müller","givenName":"Tim"},"displayName":"Tim","emails":[{"value":"tim@example.org","primary":true}],"active":true}`,
	`{"profile_image_url":"data:image/png;base64,iVBORw0KGgo=","name":"Tim","email":"TIM@example.org","password":"p\"w\\"}`,
}

// values stand wherever a JSON value can; many are none.
var values = []string{
	`"Tim"`, `""`, `" "`, `"\u0000"`, `"\n\r\t\b\f"`, `"\/\\\""`, `"\u00e4\u20AC"`, `"äöü€😀"`,
	`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00"`, `"\ude00\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\ud83d\n"`, `"\ud83d\ud83d\ude00"`,
	`"\uDBFF\uDFFF"`, `"\u202e\u2066\u200f"`, "\"\u202e\u2028\ufeff\"", `"\u"`, `"\u1"`, `"\u12"`, `"\u123"`, `"\u123g"`, `"\uD83D\u"`, `"\uD83D\uDE0"`,
	`"\x41"`, `"\a"`, `"\`, `"\"`, `"\\`, `"`, `"Tim`, "\"a\nb\"", "\"a\x00b\"", "\"a\x1fb\"", "\"\x7f\"",
	"\"\xff\"", "\"\xc3\"", "\"\xc3\x28\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xc0\xaf\"", "\"\xe2\x82\"",
	`'Tim'`, `Tim`, `"a""b"`, `"a" "b"`, `"<script>"`, `"@everyone"`, `"{name}"`, `"a.b"`,
	`0`, `-0`, `1`, `-1`, `01`, `+1`, `-`, `--1`, `.5`, `5.`, `1.5`, `1e5`, `1E+5`, `1e-5`, `1e`, `1e+`, `1e999`, `-1e999`, `1.0`, `0x10`, `1_000`,
	`12345678901234567890`, `0.1e1`, `9007199254740993`, `NaN`, `nan`, `Infinity`, `-Infinity`, `inf`, `+inf`,
	`true`, `false`, `null`, `True`, `tru`, `t`, `truee`, `nul`, `n`, `fals`, `f`, `undefined`,
	`{}`, `[]`, `{`, `}`, `[`, `]`, `[}`, `{]`, `[1,]`, `[,1]`, `[1 2]`, `[1,2`, `[[[]]]`, `[[]`, `{"formatted":"Tim"}`, `{"formatted":null}`, `{"formatted":`,
	`{"name":"inner","id":2}`, `{"a":{"b":{"name":"deep"}}}`, `["name","id"]`, `[{"name":"x"}]`,
	`/**/1`, `1//`, `#`, `,`, `:`, ``, ` `, "\t", "\v", "\u00a0", "\ufeff", `"a"x`, `1 2`, `"\u0022"`, `"]"`, `"}"`, `"{"`, `","`, `":"`,
}

// keys stand wherever a key can.
var keys = []string{
	`"name"`, `"id"`, `"email"`, `"role"`, `"displayName"`, `"formatted"`, `"Name"`, `" name"`, `"na\u006de"`, `"n\u0061m\u0065"`, `"\u006eame"`, `""`, `"\""`, `"\\"`, `"a.b"`,
	`"name.formatted"`, `"na\"me"`, `"na\me"`, `"\ud83d"`, "\"\xff\"", "\"na\x00me\"", `"@this"`, `"#"`, `"*"`, `"0"`, `name`, `'name'`, `1`, `null`, `{}`, `"name`, ``,
}

// wholes are documents of their own.
var wholes = []string{
	``, ` `, "\n", "\x00", "\ufeff{}", "\xff\xfe{\x00}\x00", "\ufeff" + `{"name":"Tim"}`, `{}`, ` {} `, `{} x`, `{}{}`, `{}{"name":"Tim"}`, `x{"name":"Tim"}`, `{"name":"Tim"}x`,
	`[]`, `[{"name":"Tim"}]`, `["name","Tim"]`, `"name"`, `null`, `1`, `{{}`, `{"a"}`, `{"a":}`, `{:1}`, `{,}`, `{"a":1,}`, `{"a":1,,"b":2}`, `{,"a":1}`, `{"a" 1}`, `{"a"::1}`, `{"a":1 "b":2}`, `{"a":1,xb":2}`,
	`{"a":1;"name":"Tim"}`, `{"name":"Tim"`, `{"name":"Tim",`, `{"name":"Tim","`, `{"name":`, `{"name"`, `{"name`, `{"`, `{`, `{"name":"Tim"]`, `{"name":"Tim"}}`, `[{"name":"Tim"}`,
	`{"name":"a","name":"b"}`, `{"name":"a","name":null}`, `{"name":{"formatted":"a"},"name":"b"}`, `{"name":"b","name":{"formatted":"a"}}`, `{"name":{"formatted":"a","formatted":"b"}}`,
	`{"name":{},"name":{"formatted":"a"}}`, `{"name.formatted":"a"}`, `{"name":{"name":{"formatted":"a"}}}`, `{"x":{"name":"no"},"name":"yes"}`, `{"x":["name","no"],"name":"yes"}`,
	`{"x":"\"name\":\"no\"","name":"yes"}`, `{"x":"\\","name":"yes"}`, `{"x":"\\\"","name":"yes"}`, `{"x":"}","name":"yes"}`, `{"x":"{[","name":"yes"}`, `{"x":[[1,[2]],{"y":"]"}],"name":"yes"}`,
	"{\r\n\t\"name\" \t:\r\n \"Tim\"\r\n}\r\n", "{\u00a0\"name\":\"Tim\"}", "{\"name\"\v:\"Tim\"}", `{/*c*/"name":"Tim"}`, `{"name":"Tim"/*c*/}`, `{"a":tru,"name":"Tim"}`, `{"a":1e,"name":"Tim"}`, `{"a":"\x","name":"Tim"}`,
	`{"__proto__":{"name":"x"},"constructor":1}`, `{"name":"Tim"}` + "\x00", "\x00" + `{"name":"Tim"}`, `"{\"name\":\"Tim\"}"`, `{"id":1,"name":2,"email":3,"role":4}`, `{"id":"","name":"","email":"","role":""}`,
}

// edges are documents that parsers quarrel about.
func edges() [][]byte {
	docs := [][]byte{}
	add := func(text string) { docs = append(docs, []byte(text)) }

	for _, text := range slices.Concat(answers, wholes) {
		add(text)
	}
	for _, value := range values {
		add(value)
		add(`[` + value + `]`)
		add(`{"name":` + value + `}`)
		add(`{"id":"6f1c","name":` + value + `,"email":"tim@example.org","role":"user"}`)
		add(`{"x":` + value + `,"name":"Tim"}`)
		add(`{"name":"first","name":` + value + `,"id":1}`)
		add(`{"name":{"x":1,"formatted":` + value + `,"y":2},"displayName":` + value + `}`)
	}
	for _, key := range keys {
		add(`{` + key + `:"Tim"}`)
		add(`{"id":1,` + key + `:{"formatted":"Tim"},"name":"x"}`)
		add(`{` + key + `:"Tim",` + key + `:2,"role":"user"}`)
	}
	for _, depth := range []int{10, 50, 200} {
		for _, pair := range []string{`[]`, `{}`} {
			open := strings.Repeat(pair[:1], depth)
			add(open)
			add(`{"x":` + open + `,"name":"Tim"}`)
			add(`{"x":` + open + strings.Repeat(pair[1:], depth) + `,"name":"Tim"}`)
		}
		nested := strings.Repeat(`{"name":`, depth) + `1` + strings.Repeat(`}`, depth)
		add(nested)
		add(nested[:len(nested)-depth/2])
		add(`{"name":"` + strings.Repeat(`\u00e4ä`, depth) + `"}`)
		add(`{"name":"` + strings.Repeat(`\`, depth) + `"}`)
		add(`{"name":"` + strings.Repeat(`\`, depth+1) + `"}`)
		add(`{"x":` + strings.Repeat(`9`, depth) + `,"name":"Tim"}`)
	}
	// Cut off at each byte, as an answer is that outgrows what is held.
	for _, whole := range []string{answers[1], `{"id":1.5,"name":"T\u00e4\ud83d\ude00\\\"m","name":{"formatted":[true,null]},"role":false}`} {
		for cut := range len(whole) {
			add(whole[:cut])
		}
	}
	return docs
}

// recordings are the bodies that testdata holds, of requests and of answers.
func recordings(tb testing.TB) [][]byte {
	tb.Helper()

	docs := [][]byte{}
	err := filepath.WalkDir(filepath.Join(root, "testdata"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(name)
		_, body, _ := bytes.Cut(content, []byte("\r\n\r\n"))
		if len(body) > 0 && len(body) <= maxRecorded {
			docs = append(docs, body)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	if !slices.ContainsFunc(docs, json.Valid) {
		tb.Fatal("testdata holds no recorded JSON")
	}
	return docs
}

// corpus gives n documents or a few more, the same at each call: edge cases,
// recordings, and mutations of both.
func corpus(tb testing.TB, n int) [][]byte {
	tb.Helper()

	recorded := recordings(tb)
	sources := slices.Concat(edges(), recorded)
	docs := slices.Clone(sources)
	random := rand.New(rand.NewPCG(1, 18))
	for len(docs) < n {
		var source []byte
		switch random.IntN(4) {
		case 0:
			source = recorded[random.IntN(len(recorded))]
		case 1:
			source = []byte(answers[random.IntN(len(answers))])
		default:
			source = sources[random.IntN(len(sources))]
		}
		doc := slices.Clone(source)
		for range 1 + random.IntN(2) {
			doc = mutate(random, doc, sources[random.IntN(len(sources))])
		}
		docs = append(docs, doc)
	}
	return docs
}

// mutate changes one place of a document, which it may overwrite.
func mutate(random *rand.Rand, doc, other []byte) []byte {
	at := random.IntN(len(doc) + 1)
	end := at + random.IntN(min(len(doc)-at, 12)+1)
	pick := func(from []string) []byte { return []byte(from[random.IntN(len(from))]) }

	switch random.IntN(9) {
	case 0: // cut off
		return doc[:at]
	case 1: // a part lost
		return slices.Delete(doc, at, end)
	case 2: // a part doubled
		return slices.Insert(doc, at, slices.Clone(doc[at:end])...)
	case 3: // a bit flipped
		if at < len(doc) {
			doc[at] ^= 1 << random.IntN(8)
		}
		return doc
	case 4: // a byte that means something
		const meaning = "{}[]\",:\\u0eE+-. \n\x00\xff'"
		return slices.Insert(doc, at, meaning[random.IntN(len(meaning))])
	case 5: // a value in the place of a part
		return slices.Replace(doc, at, end, pick(values)...)
	case 6: // one more pair, perhaps for a key that is there already
		pair := fmt.Appendf(nil, "%s:%s,", pick(keys), pick(values))
		start := bytes.IndexAny(doc, "{,") + 1
		return slices.Insert(doc, start, pair...)
	case 7: // one value after another key
		colon := bytes.IndexByte(doc[at:], ':')
		if colon < 0 {
			return doc
		}
		return slices.Insert(doc, at+colon+1, pick(values)...)
	default: // the end of another
		return append(doc[:at], other[random.IntN(len(other)+1):]...)
	}
}

// corpusSize is 10,000, or what GJSON_DOCUMENTS says for a longer run.
func corpusSize(tb testing.TB) int {
	tb.Helper()

	return environ.Number(tb, "GJSON_DOCUMENTS", 10_000)
}
