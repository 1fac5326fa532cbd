package delivery

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWebhookID(t *testing.T) {
	tests := []struct {
		desc string
		a, b string
		same bool
	}{
		{desc: "the same account", a: WebhookID("x@file", "1"), b: WebhookID("x@file", "1"), same: true},
		{desc: "another account", a: WebhookID("x@file", "1"), b: WebhookID("x@file", "2")},
		{desc: "another middleware", a: WebhookID("x@file", "1"), b: WebhookID("y@file", "1")},
		{desc: "without an id", a: WebhookID("x@file", ""), b: WebhookID("x@file", "")},
	}
	for _, test := range tests {
		if (test.a == test.b) != test.same {
			t.Errorf("%s: got: %s and %s", test.desc, test.a, test.b)
		}
		if len(test.a) != len("msg_")+32 || strings.Contains(test.a, ".") {
			t.Errorf("%s: got: %s, want: 128 bits and no dot", test.desc, test.a)
		}
	}
}

func TestSign(t *testing.T) {
	key := []byte("\x30\x9f\x9b\x9f\x2e\x8c\xb1\x9a\x3c\x6b\x52\x7d\x30\x9f\x9b\x9f\x2e\x8c\xb1\x9a\x3c\x6b\x52\x7d")
	header := http.Header{}
	Sign(header, "msg_1", time.Unix(1614265330, 0), nil, []byte("x"))
	if header.Get("Webhook-Signature") != "" || header.Get("Webhook-Timestamp") != "1614265330" || header.Get("Webhook-Id") != "msg_1" {
		t.Errorf("without a key: got: %v", header)
	}
	Sign(header, "msg_1", time.Unix(1614265330, 0), key, []byte("x"))
	first := header.Get("Webhook-Signature")
	if !strings.HasPrefix(first, "v1,") || len(first) != len("v1,")+44 {
		t.Errorf("got: %q, want: v1, and 32 bytes in base64", first)
	}
	Sign(header, "msg_1", time.Unix(1614265331, 0), key, []byte("x"))
	if header.Get("Webhook-Signature") == first {
		t.Error("the time is not signed")
	}
}
