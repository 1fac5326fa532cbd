package openwebui

import "testing"

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
