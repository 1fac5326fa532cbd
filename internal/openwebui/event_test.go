package openwebui

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// recorded reads the body of one of the recordings.
func recorded(t *testing.T, name string) *Exchange {
	t.Helper()
	if name == "" {
		return &Exchange{}
	}
	file, err := os.Open("../../testdata/openwebui-0.12.4/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if strings.HasSuffix(name, ".request") {
		req, err := http.ReadRequest(bufio.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return &Exchange{Request: body}
	}
	res, err := http.ReadResponse(bufio.NewReader(file), nil)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil && !strings.Contains(name, "page") { // which is cut
		t.Fatalf("%s: %v", name, err)
	}
	return &Exchange{
		Status:          res.StatusCode,
		ContentType:     res.Header.Get("Content-Type"),
		ContentEncoding: res.Header.Get("Content-Encoding"),
		Answer:          body,
	}
}

// eventOf is the event that an exchange makes at noon.
func eventOf(endpoint *Endpoint, seen *Exchange) *Event {
	return EventOf(endpoint, seen, AccountOf(endpoint, seen), noon)
}

// told is what an event says, in one line.
func told(event *Event) string {
	if event == nil {
		return "nothing"
	}
	return strings.Join([]string{event.Type, event.Name, event.Email, event.Role, event.ID}, "|")
}

func TestRecorded(t *testing.T) {
	tests := []struct {
		answer  string
		request string
		want    string
	}{
		{answer: "signup-admin.response", want: "signup|Admin|admin@example.org|admin|00000000-0000-4000-8000-000000000001"},
		{answer: "signup-pending.response", want: "signup|Tim|tim@example.org|pending|00000000-0000-4000-8000-000000000002"},
		{answer: "signup-gzip.response", want: "signup|Tim|gzip@example.org|pending|00000000-0000-4000-8000-000000000004"},
		{answer: "signup-zstd.response", request: "signup-zstd.request", want: "signup|Tim|zstd@example.org||"},
		{answer: "signup-br.response", request: "signup-utf16.request", want: "signup|Tïm|utf16@example.org||"},
		{answer: "signup-mfa-pending.response", request: "signup-bom.request", want: "signup|Tim|bom@example.org||"},
		{answer: "signup-mfa-enroll.response", request: "signup-unicode.request", want: "signup|Zoë 😀 <b>&\"\\ 李|zoe@example.org||"},
		{answer: "signup-mfa-pending.response", want: "signup|(unbekannt)|||"},
		{answer: "signup-off.response", want: "nothing"},
		{answer: "signup-duplicate.response", want: "nothing"},
		{answer: "signup-bad-email.response", want: "nothing"},
		{answer: "signup-bad-json.response", want: "nothing"},
		{answer: "signup-missing-field.response", want: "nothing"},
		{answer: "signup-surrogate.response", want: "nothing"},
		{answer: "signup-slash.response", want: "nothing"},
		{answer: "signup-page.response", want: "nothing"},
	}
	endpoint := Find(Watched(Events()), "POST", "/api/v1/auths/signup")
	for _, test := range tests {
		seen := recorded(t, test.answer)
		seen.Request = recorded(t, test.request).Request
		got := told(eventOf(endpoint, seen))
		if got != test.want {
			t.Errorf("%s with %s: got: %s, want: %s", test.answer, test.request, got, test.want)
		}
	}
}

// The other doors, as they were recorded.
func TestRecordedDoors(t *testing.T) {
	tests := []struct {
		answer  string
		request string
		method  string
		path    string
		want    string
	}{
		{answer: "add.response", path: "/api/v1/auths/add", want: "user-added|Ada|ada@example.org|user|00000000-0000-4000-8000-000000000009"},
		{answer: "scim.response", path: "/api/v1/scim/v2/Users", want: "scim|Sam Smith|sam@example.org||00000000-0000-4000-8000-000000000010"},
		{answer: "session.response", method: "GET", path: "/api/v1/auths/", want: "first-seen|Tim|tim@example.org|pending|00000000-0000-4000-8000-000000000002"},
		{answer: "session-refused.response", method: "GET", path: "/api/v1/auths/", want: "nothing"},
		{answer: "signin.response", path: "/api/v1/auths/signin", want: "first-seen|Tim|tim@example.org|pending|00000000-0000-4000-8000-000000000002"},
		{answer: "signin-refused.response", path: "/api/v1/auths/signin", want: "nothing"},
		{answer: "signin-mfa-enroll.response", request: "signin.request", path: "/api/v1/auths/signin", want: "nothing"},
		{answer: "signin-mfa-verify.response", path: "/api/v1/auths/signin", want: "nothing"},
		{answer: "ldap.response", path: "/api/v1/auths/ldap", want: "first-seen|Lena|lena@example.org|pending|00000000-0000-4000-8000-000000000011"},
		{answer: "ldap-again.response", path: "/api/v1/auths/ldap", want: "first-seen|Lena|lena@example.org|pending|00000000-0000-4000-8000-000000000011"},
		{answer: "ldap-refused.response", path: "/api/v1/auths/ldap", want: "nothing"},
		{answer: "exchange.response", path: "/api/v1/auths/oauth/oidc/token/exchange", want: "first-seen|Tim|tim@example.org|pending|00000000-0000-4000-8000-000000000002"},
		{answer: "exchange-no-account.response", path: "/api/v1/auths/oauth/oidc/token/exchange", want: "nothing"},
		{answer: "exchange-bad-token.response", path: "/api/v1/auths/oauth/oidc/token/exchange", want: "nothing"},
		{answer: "exchange-no-provider.response", path: "/api/v1/auths/oauth/oidc/token/exchange", want: "nothing"},
		{answer: "mfa-enroll-confirm.response", path: "/api/v1/auths/mfa/enroll/confirm", want: "first-seen|Admin|admin@example.org|admin|00000000-0000-4000-8000-000000000001"},
		{answer: "mfa-verify.response", path: "/api/v1/auths/mfa/verify", want: "first-seen|Admin|admin@example.org|admin|00000000-0000-4000-8000-000000000001"},
	}
	read := map[string]bool{DefaultEvent: true}
	for _, test := range tests {
		if test.method == "" {
			test.method = "POST"
		}
		endpoint := Find(Watched(Events()), test.method, test.path)
		seen := recorded(t, test.answer)
		seen.Request = recorded(t, test.request).Request
		event := eventOf(endpoint, seen)
		if event != nil {
			read[event.Type] = true
		}
		got := told(event)
		if got != test.want {
			t.Errorf("%s: got: %s, want: %s", test.answer, got, test.want)
		}
		if event != nil && (event.Made != (event.Type != FirstSeen) || event.SignUp) {
			t.Errorf("%s: got: made %t, want: %t", test.answer, event.Made, !event.Made)
		}
	}
	for _, word := range Events() {
		if !read[word] {
			t.Errorf("%s: got: no recording of it, want: one", word)
		}
	}
}

func TestEventOfOtherDoors(t *testing.T) {
	picture := strings.Repeat("x", 100000)
	tests := []struct {
		desc    string
		path    string
		status  int
		answer  string
		request string
		want    string
	}{
		{desc: "SCIM takes 201 alone", path: "scim", status: 200, answer: `{"id":"1","displayName":"Sam"}`, want: "nothing"},
		{desc: "SCIM without a shown name", path: "scim", answer: `{"id":"1","displayName":" ","name":{"formatted":"Sam"},"emails":[]}`, want: "scim|Sam|||1"},
		{desc: "SCIM with the name of another kind", path: "scim", answer: `{"id":"1","name":"Sam","userName":"s@x"}`, want: "scim|s@x|s@x||1"},
		{desc: "SCIM: from the request", path: "scim", answer: `{"id":"1"}`, request: `{"name":{"formatted":"Sam"},"emails":[{"value":"S@X"}]}`, want: "scim|Sam|s@x||1"},
		{desc: "SCIM with a picture", path: "scim", answer: `{"id":"1","photos":[{"value":"` + picture + `"}],"displayName":"Sam","name":{"formatted":"S"},"emails":[{"value":"s@x"}]}`, want: "scim|Sam|s@x||1"},
		{desc: "added: from the request", path: "add", answer: `{"id":"1"}`, request: `{"name":"Ada","email":"A@x"}`, want: "user-added|Ada|a@x||1"},
		{desc: "added, but nothing said", path: "add", answer: `{}`, want: "user-added|(unbekannt)|||"},
		{desc: "seen without an id", path: "session", answer: `{"name":"Tim","email":"t@x","role":"user"}`, want: "nothing"},
		{desc: "seen with an empty id", path: "session", answer: `{"id":" ","name":"Tim"}`, want: "nothing"},
		{desc: "seen without a name", path: "session", answer: `{"id":"1","email":"t@x"}`, request: `{"name":"x"}`, want: "first-seen|x|t@x||1"},
		{desc: "seen, before a picture", path: "session", answer: `{"status_emoji":null,"id":"1","name":"Tim","role":"user","email":"t@x","profile_image_url":"` + picture[:60000], want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, behind a long status", path: "session", answer: `{"status_message":"` + picture[:20000] + `","id":"1","name":"Tim","role":"user","email":"t@x","profile_image_url":"` + picture[:30000], want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, across the first glance", path: "session", answer: `{"id":"1","name":"Tim","role":"user","email":"` + picture[:5000] + `@x","bio":null}`, want: "first-seen|Tim|" + picture[:200] + "…|user|1"},
		{desc: "seen, no role before the picture", path: "session", answer: `{"id":"1","name":"Tim","email":"t@x","profile_image_url":"` + picture[:6000] + `","role":"user"}`, want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, a list", path: "session", answer: `[{"id":"1","name":"Tim","role":"user","email":"t@x","y":"` + picture[:6000] + `"}]`, want: "nothing"},
		{desc: "seen, an object before the four", path: "session", answer: `{"a":{"b":"c"},"id":"1","name":"Tim","role":"user","email":"t@x"}`, want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, an object between them", path: "session", answer: `{"id":"1","name":"Tim","a":{"id":"2"},"role":"user","email":"t@x"}`, want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, an object behind them", path: "session", answer: `{"id":"1","name":"Tim","role":"user","email":"t@x","a":{"id":"2"}}`, want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, what looks like an object in a name", path: "session", answer: `{"id":"1","role":"user","email":"t@x","name":"a:{,","bio":"b"}`, want: "first-seen|a:{,|t@x|user|1"},
		{desc: "seen, a name that looks like keys", path: "session", answer: `{"id":"1","role":"user","email":"t@x","name":"a\",\"id\":\"2\",\"b:{"}`, want: `first-seen|a","id":"2","b:{|t@x|user|1`},
		{desc: "seen, a name that ends in a comma", path: "session", answer: `{"id":"1","role":"user","email":"t@x","name":"a,","b":{"c":1}}`, want: "first-seen|a,|t@x|user|1"},
		{desc: "seen, an object in a list", path: "session", answer: `{"id":"1","role":"user","a":[{"email":"no","x":{"y":1}}],"email":"t@x","name":"Tim"}`, want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, a long status before them", path: "session", answer: `{"status":"` + picture[:6000] + `","id":"1","name":"Tim","role":"user","email":"t@x"}`, want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, a long status with an object's beginning", path: "session", answer: `{"status":":{` + picture[:6000] + `","id":"1","name":"Tim","role":"user","email":"t@x","b":{}}`, want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, cut in the id", path: "session", answer: `{"token":"x","id":"3f2a`, want: "nothing"},
		{desc: "seen, cut before the name", path: "session", answer: `{"id":"1","email":"t@x","na`, want: "nothing"},
		{desc: "seen, cut in the name", path: "session", answer: `{"id":"1","email":"t@x","role":"user","name":"Ti`, want: "nothing"},
		{desc: "seen, cut behind all four", path: "session", answer: `{"id":"1","email":"t@x","role":"user","name":"Tim","a":{"b"`, want: "first-seen|Tim|t@x|user|1"},
		{desc: "seen, more than is kept, with the four at its beginning and no role", path: "session", answer: (`{"id":"1","email":"t@x","name":"Tim","y":"` + picture)[:maxLook], want: "first-seen|Tim|t@x||1"},
		{desc: "seen, a page", path: "session", answer: `<html>` + picture[:6000], want: "nothing"},
		{desc: "seen, a broken one", path: "session", answer: `{"id":"1","name":"Tim","role":"user","email":"t@x" "y":"` + picture[:6000] + `"}`, want: "nothing"},
	}
	paths := map[string]string{"scim": "POST /api/v1/scim/v2/Users", "add": "POST /api/v1/auths/add", "session": "GET /api/v1/auths/"}
	for _, test := range tests {
		method, path, _ := strings.Cut(paths[test.path], " ")
		endpoint := Find(Watched(Events()), method, path)
		seen := &Exchange{Status: test.status, ContentType: "application/json", Answer: []byte(test.answer), Request: []byte(test.request)}
		if test.status == 0 {
			seen.Status = 201
		}
		seen.Long = len(test.answer) >= maxLook
		got := told(eventOf(endpoint, seen))
		if got != test.want {
			t.Errorf("%s: got: %.300s, want: %.300s", test.desc, got, test.want)
		}
	}
}

// sight is what is seen of a sign-up, and what is told of it.
type sight struct {
	desc     string
	status   int // 0 for 200
	encoding string
	media    string // "" for JSON
	answer   string
	request  string
	want     string
}

func checkSights(t *testing.T, tests []sight) {
	t.Helper()
	endpoint := Find(Watched(Events()), "POST", "/api/v1/auths/signup")
	for _, test := range tests {
		seen := &Exchange{
			Status:          test.status,
			ContentEncoding: test.encoding,
			ContentType:     test.media,
			Answer:          []byte(test.answer),
			Request:         []byte(test.request),
		}
		if test.status == 0 {
			seen.Status = 200
		}
		if test.media == "" {
			seen.ContentType = "application/json"
		}
		got := told(eventOf(endpoint, seen))
		if got != test.want {
			t.Errorf("%s: got: %.300s, want: %.300s", test.desc, got, test.want)
		}
	}
}

func TestEventOf(t *testing.T) {
	checkSights(t, []sight{
		{desc: "201 is a success", status: 201, answer: `{"name":"Tim"}`, want: "signup|Tim|||"},
		{desc: "199 is none", status: 199, answer: `{"name":"Tim"}`, want: "nothing"},
		{desc: "302 is none", status: 302, answer: `{"name":"Tim"}`, want: "nothing"},
		{desc: "no name: the request's", answer: `{"id":"1"}`, request: `{"name":"Tim"}`, want: "signup|Tim|||1"},
		{desc: "an empty name: the answer's e-mail", answer: `{"name":" \u200b ","email":"a@b.c"}`, request: `{"email":"d@e.f"}`, want: "signup|a@b.c|a@b.c||"},
		{desc: "no e-mail: the request's, as the server keeps it", answer: `{}`, request: `{"name":"","email":"Tim@B.C"}`, want: "signup|tim@b.c|tim@b.c||"},
		{desc: "nothing at all", answer: `{}`, want: "signup|(unbekannt)|||"},
		{desc: "a request that is no JSON", answer: `{}`, request: `name=Tim`, want: "signup|(unbekannt)|||"},
		{desc: "a request cut after the name", answer: `{}`, request: `{"name":"Tim","password":"secr`, want: "signup|Tim|||"},
		{desc: "a request cut in the name", answer: `{}`, request: `{"name":"Tim`, want: "signup|Tim|||"},
	})
}

func TestValues(t *testing.T) {
	event := &Event{Type: "signup", ID: "1", Name: "Tim", Email: "a@b.c", Role: "user", Time: noon.In(time.FixedZone("", 3600))}
	values := Values(event, Fields())
	want := map[string]string{"event": "signup", "id": "1", "name": "Tim", "email": "a@b.c", "role": "user", "time": "2026-03-01T12:00:00Z"}
	if len(values) != len(Fields()) {
		t.Errorf("got: %d values, want: one for each of %v", len(values), Fields())
	}
	for _, field := range Fields() {
		if values[field] != want[field] {
			t.Errorf("%s: got: %q, want: %q", field, values[field], want[field])
		}
	}
}

// What was stored holds what another message showed.
func TestComplete(t *testing.T) {
	tests := []struct {
		desc   string
		stored map[string]string
		want   string
	}{
		{desc: "all is there", stored: map[string]string{"name": "Tim", "event": "scim", "time": "then"}, want: "Tim scim then"},
		{desc: "neither event nor time", stored: map[string]string{"name": "Tim"}, want: "Tim signup 2026-03-01T12:00:00Z"},
		{desc: "nothing", stored: nil, want: " signup 2026-03-01T12:00:00Z"},
	}
	for _, test := range tests {
		before := len(test.stored)
		whole := Complete(test.stored, noon.In(time.FixedZone("", 3600)))
		got := whole["name"] + " " + whole["event"] + " " + whole["time"]
		if got != test.want || len(test.stored) != before {
			t.Errorf("%s: got: %q and %d fields stored, want: %q and %d", test.desc, got, len(test.stored), test.want, before)
		}
	}
}
