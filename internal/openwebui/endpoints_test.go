package openwebui

import (
	"net/url"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	tests := []struct {
		desc   string
		method string
		path   string
		want   string
	}{
		{desc: "the sign-up", method: "POST", path: "/api/v1/auths/signup", want: "signup"},
		{desc: "one trailing newline", method: "POST", path: "/api/v1/auths/signup\n", want: "signup"},
		{desc: "two", method: "POST", path: "/api/v1/auths/signup\n\n"},
		{desc: "a carriage return", method: "POST", path: "/api/v1/auths/signup\r\n"},
		{desc: "a newline before", method: "POST", path: "/api/v1/auths/\nsignup"},
		{desc: "a trailing slash", method: "POST", path: "/api/v1/auths/signup/"},
		{desc: "a trailing space", method: "POST", path: "/api/v1/auths/signup "},
		{desc: "upper case", method: "POST", path: "/api/v1/auths/SIGNUP"},
		{desc: "a doubled slash", method: "POST", path: "/api/v1//auths/signup"},
		{desc: "a dot segment", method: "POST", path: "/api/v1/./auths/signup"},
		{desc: "below another path", method: "POST", path: "/x/api/v1/auths/signup"},
		{desc: "still encoded", method: "POST", path: "/api/v1/auths/%73ignup"},
		{desc: "empty", method: "POST", path: ""},
		{desc: "GET gives the page", method: "GET", path: "/api/v1/auths/signup"},
		{desc: "methods have a case", method: "post", path: "/api/v1/auths/signup"},
		{desc: "a sign-in", method: "POST", path: "/api/v1/auths/signin"},
	}
	rows := Watched([]string{"signup"})
	for _, test := range tests {
		got := ""
		endpoint := Find(rows, test.method, test.path)
		if endpoint != nil {
			got = endpoint.Event
		}
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}

// Each row, and what is like it and none.
func TestRows(t *testing.T) {
	tests := []struct {
		desc   string
		events string
		method string
		path   string
		want   string
	}{
		{desc: "added", events: "user-added", method: "POST", path: "/api/v1/auths/add", want: "user-added"},
		{desc: "added, with a newline", events: "user-added", method: "POST", path: "/api/v1/auths/add\n", want: "user-added"},
		{desc: "SCIM", events: "scim", method: "POST", path: "/api/v1/scim/v2/Users", want: "scim"},
		{desc: "SCIM in another case", events: "scim", method: "POST", path: "/api/v1/scim/v2/users"},
		{desc: "a list by SCIM", events: "scim", method: "GET", path: "/api/v1/scim/v2/Users"},
		{desc: "one by SCIM", events: "scim", method: "POST", path: "/api/v1/scim/v2/Users/1"},
		{desc: "not asked for", events: "signup", method: "POST", path: "/api/v1/auths/add"},
		{desc: "a sign-up is the sign-up's", events: "first-seen signup", method: "POST", path: "/api/v1/auths/signup", want: "signup"},
		{desc: "or the first sign-in", events: "first-seen", method: "POST", path: "/api/v1/auths/signup", want: "first-seen"},
		{desc: "a session check", events: "first-seen", method: "GET", path: "/api/v1/auths/", want: "first-seen"},
		{desc: "a session check, with a newline", events: "first-seen", method: "GET", path: "/api/v1/auths/\n", want: "first-seen"},
		{desc: "a session check of its head", events: "first-seen", method: "HEAD", path: "/api/v1/auths/"},
		{desc: "without the slash", events: "first-seen", method: "GET", path: "/api/v1/auths"},
		{desc: "below it", events: "first-seen", method: "GET", path: "/api/v1/auths/admin/config"},
		{desc: "a sign-in", events: "first-seen", method: "POST", path: "/api/v1/auths/signin", want: "first-seen"},
		{desc: "LDAP", events: "first-seen", method: "POST", path: "/api/v1/auths/ldap", want: "first-seen"},
		{desc: "LDAP's configuration", events: "first-seen", method: "POST", path: "/api/v1/auths/admin/config/ldap"},
		{desc: "MFA, enrolled", events: "first-seen", method: "POST", path: "/api/v1/auths/mfa/enroll/confirm", want: "first-seen"},
		{desc: "MFA, verified", events: "first-seen", method: "POST", path: "/api/v1/auths/mfa/verify", want: "first-seen"},
		{desc: "MFA, begun", events: "first-seen", method: "POST", path: "/api/v1/auths/mfa/enroll"},
		{desc: "an exchange", events: "first-seen", method: "POST", path: "/api/v1/auths/oauth/oidc/token/exchange", want: "first-seen"},
		{desc: "an odd provider", events: "first-seen", method: "POST", path: "/api/v1/auths/oauth/ö %\n{x}?#/token/exchange\n", want: "first-seen"},
		{desc: "a provider like the path", events: "first-seen", method: "POST", path: "/api/v1/auths/oauth/token/token/exchange", want: "first-seen"},
		{desc: "no provider", events: "first-seen", method: "POST", path: "/api/v1/auths/oauth//token/exchange"},
		{desc: "hardly a provider", events: "first-seen", method: "POST", path: "/api/v1/auths/oauth/token/exchange"},
		{desc: "two providers", events: "first-seen", method: "POST", path: "/api/v1/auths/oauth/a/b/token/exchange"},
		{desc: "two newlines", events: "first-seen", method: "POST", path: "/api/v1/auths/oauth/a/token/exchange\n\n"},
		{desc: "nothing at all", events: "", method: "POST", path: "/api/v1/auths/signup"},
	}
	for _, test := range tests {
		got := ""
		endpoint := Find(Watched(strings.Fields(test.events)), test.method, test.path)
		if endpoint != nil {
			got = endpoint.Event
		}
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
	if len(Watched(Events())) != len(endpoints) {
		t.Errorf("got: %d rows, want: %d", len(Watched(Events())), len(endpoints))
	}
}

func TestBeginning(t *testing.T) {
	tests := []struct {
		desc   string
		events string
		want   string
	}{
		{desc: "one path", events: "signup", want: "/api/v1/auths/signup"},
		{desc: "another", events: "scim", want: "/api/v1/scim/v2/Users"},
		{desc: "two of one folder", events: "signup user-added", want: "/api/v1/auths/"},
		{desc: "a path that others begin with", events: "first-seen", want: "/api/v1/auths/"},
		{desc: "all", events: strings.Join(Events(), " "), want: "/api/v1/"},
		{desc: "none", events: "", want: ""},
	}
	for _, test := range tests {
		got := Beginning(Watched(strings.Fields(test.events)))
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
	parameter := Beginning([]Endpoint{{Path: "/oauth/{provider}/token"}})
	if parameter != "/oauth/" {
		t.Errorf("a parameter: got: %q, want: %q", parameter, "/oauth/")
	}
}

func TestReached(t *testing.T) {
	tests := []struct {
		desc   string
		method string
		target string // as it stands in the request line
		want   bool
	}{
		{desc: "the path", method: "POST", target: "/api/v1/auths/signup", want: true},
		{desc: "encoded letters", method: "POST", target: "/api/v1/auths/%73ignup", want: true},
		{desc: "encoded slashes", method: "POST", target: "/api%2Fv1/auths/signup", want: true},
		{desc: "an encoded newline", method: "POST", target: "/api/v1/auths/signup%0a", want: true},
		{desc: "encoded twice", method: "POST", target: "/api/v1/auths/signup%250a"},
		{desc: "a query", method: "POST", target: "/api/v1/auths/signup?x=/", want: true},
		{desc: "an absolute form", method: "POST", target: "http://chat.example.org/api/v1/auths/signup", want: true},
		{desc: "an opaque one", method: "POST", target: "x:http://h/api/v1/auths/signup", want: true},
		{desc: "an opaque one, encoded", method: "POST", target: "x:http://h/api/v1/auths/%73ignup%0a", want: true},
		{desc: "an opaque one with a query", method: "POST", target: "http:http://h/api/v1/auths/signup?x", want: true},
		{desc: "an opaque one with a fragment", method: "POST", target: "x:http://h/api/v1/auths/signup%0a#x", want: true},
		{desc: "an opaque one elsewhere", method: "POST", target: "x:http://h/api/v1/auths/signin"},
		{desc: "an opaque one without a path", method: "POST", target: "x:http://h"},
		{desc: "an opaque one without a host", method: "POST", target: "x:api/v1/auths/signup"},
		{desc: "another method", method: "GET", target: "/api/v1/auths/signup"},
	}
	rows := Watched([]string{"signup"})
	for _, test := range tests {
		u, err := url.ParseRequestURI(test.target)
		if err != nil {
			t.Fatalf("%s: %v", test.desc, err)
		}
		got := Reached(rows, test.method, u) != nil
		if got != test.want {
			t.Errorf("%s: got: %t, want: %t", test.desc, got, test.want)
		}
	}
}
