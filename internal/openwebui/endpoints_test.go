package openwebui

import (
	"net/url"
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
	for _, test := range tests {
		got := ""
		endpoint := Find(test.method, test.path)
		if endpoint != nil {
			got = endpoint.Event
		}
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
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
	for _, test := range tests {
		u, err := url.ParseRequestURI(test.target)
		if err != nil {
			t.Fatalf("%s: %v", test.desc, err)
		}
		got := Reached(test.method, u) != nil
		if got != test.want {
			t.Errorf("%s: got: %t, want: %t", test.desc, got, test.want)
		}
	}
}
