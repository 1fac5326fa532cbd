package openwebui

import (
	"strings"
	"testing"
)

func TestAccounts(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	checkSights(t, []sight{
		{desc: "white space around", answer: " \n{\"name\":\"Tim\"}\n", want: "signup|Tim|||"},
		{desc: "escapes", answer: `{"name":"T\u00efm \ud83c\udf89 \"\/\\"}`, want: `signup|Tïm 🎉 "/\|||`},
		{desc: "a lone surrogate", answer: `{"name":"T\ud800m"}`, want: "signup|T\uFFFDm|||"},
		{desc: "newlines, NUL and bidi marks", answer: "{\"name\":\"T\\n\\u0000\\u202ei\u202Em\"}", want: "signup|T i m|||"},
		{desc: "a number for a name", answer: `{"name":42}`, want: "signup|42|||"},
		{desc: "null: the request's", answer: `{"name":null}`, request: `{"name":"Tim"}`, want: "signup|Tim|||"},
		{desc: "an object for a name: the request's", answer: `{"name":{"name":"x"}}`, request: `{"name":"Tim"}`, want: "signup|Tim|||"},
		{desc: "the request's last name", answer: `{}`, request: `{"name":"a","name":"b","x":{"name":"c"}}`, want: "signup|b|||"},
		{desc: "the request's last name, also behind all else", answer: `{}`, request: `{"id":"1","role":"user","email":"e","name":"a","name":"b"}`, want: "signup|b|e||"},
		{desc: "no object, longer than a glance", answer: `{"id":"1","name":"Tim","role":"user","email":"a@b.c","x":"` + long[:8000] + `"} and more`, want: "nothing"},
		{desc: "an answer cut after the name", answer: `{"id":"1","name":"Tim","em`, want: "signup|Tim|||1"},
		{desc: "an answer cut in the name", answer: `{"id":"1","name":"Tim`, want: "signup|Tim|||1"},
		{desc: "an answer cut in an escape", answer: `{"name":"Tim\`, want: "signup|Tim|||"},
		{desc: "an answer cut behind an escape", answer: `{"name":"Tim\\`, want: `signup|Tim\|||`},
		{desc: "an answer cut behind a key", answer: `{"name":`, request: `{"name":"Tim"}`, want: "signup|Tim|||"},
		{desc: "an answer cut at once", answer: `{`, request: `{"name":"Tim"}`, want: "signup|Tim|||"},
		{desc: "a name of a megabyte, cut", answer: `{"id":"1","name":"` + long, want: "signup|" + long[:200] + "…|||1"},
		{desc: "a name of a megabyte", answer: `{"id":"1","name":"` + long + `","role":"user"}`, want: "signup|" + long[:200] + "…||user|1"},
		{desc: "more than is looked at, last of all", answer: `{"id":"1","x":"` + long + `","name":"Tim","role":"user","email":"a@b.c"}`, want: "signup|Tim|a@b.c|user|1"},
	})
}

// An endpoint of which an answer does not tell everything leaves paths empty:
// they are no key, although "" may be one of a JSON object's.
func TestEmptyPaths(t *testing.T) {
	endpoint := &Endpoint{Event: "test", Status: 200, Account: Paths{ID: "id", Name: "name"}}
	tests := []struct {
		desc, answer, request, want string
	}{
		{desc: "in the answer", answer: `{"id":"1","name":"Tim","":"x"}`, want: "Tim||"},
		{desc: "in the request", answer: `{"id":"1"}`, request: `{"":"x"}`, want: "(unbekannt)||"},
	}
	for _, test := range tests {
		event := eventOf(endpoint, &Exchange{Status: 200, Answer: []byte(test.answer), Request: []byte(test.request)})
		if event == nil {
			t.Errorf("%s: got: no event", test.desc)
			continue
		}
		got := event.Name + "|" + event.Email + "|" + event.Role
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}
