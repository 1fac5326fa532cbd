package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestProxies(t *testing.T) {
	open := &recorder{answer: answers(204, "", "")}
	through := httptest.NewServer(open)
	defer through.Close()
	closed := &recorder{answer: answers(407, "", "hidden")}
	refusing := httptest.NewServer(closed)
	defer refusing.Close()
	gone := httptest.NewServer(open)
	gone.Close()
	tests := []struct {
		desc   string
		env    string
		url    string
		status int
		want   []string
	}{
		{desc: "through", env: "HTTP_PROXY=" + withUser(through.URL), url: "http://receiver.example/hidden", status: 0, want: []string{"through the proxy " + through.URL, "verdict   delivered"}},
		{desc: "it refuses", env: "HTTPS_PROXY=" + withUser(refusing.URL), url: "https://receiver.example/hidden", status: 4, want: []string{"through the proxy " + refusing.URL, "the proxy answered 407", "HTTPS_PROXY"}},
		{desc: "it is not there", env: "HTTPS_PROXY=" + withUser(gone.URL), url: "https://receiver.example/hidden", status: 3, want: []string{"the proxy was not reached", "NO_PROXY"}},
	}
	for _, test := range tests {
		status, printed := notifyAlone(t, []string{test.env}, "-url", test.url)
		if status != test.status {
			t.Errorf("%s: got: %d, want: %d", test.desc, status, test.status)
		}
		wantIn(t, test.desc, printed, test.want...)
	}
	seen, body, _ := open.last()
	if seen == nil || seen.Host != "receiver.example" || body != "Neuer Benutzer registriert: Tim" {
		t.Error("got: nothing through the proxy, want: the notice")
	}
}

func withUser(address string) string {
	return strings.Replace(address, "http://", "http://user:hidden@", 1)
}
