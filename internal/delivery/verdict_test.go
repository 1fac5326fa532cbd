package delivery

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestJudge(t *testing.T) {
	tests := []struct {
		status int
		want   Verdict
		alone  bool
		check  string // what the reason must mention
	}{
		{status: 200, want: Delivered},
		{status: 202, want: Delivered},
		{status: 204, want: Delivered},
		{status: 299, want: Delivered},
		{status: 300, want: Hold, alone: true, check: "redirects are not followed"},
		{status: 301, want: Hold, alone: true, check: "redirects are not followed"},
		{status: 307, want: Hold, alone: true, check: "redirects are not followed"},
		{status: 400, want: Aside, alone: true, check: "format"},
		{status: 401, want: Hold, alone: true, check: "expired or revoked"},
		{status: 402, want: Aside, alone: true, check: "format"},
		{status: 403, want: Hold, alone: true, check: "firewall or proxy"},
		{status: 404, want: Hold, alone: true, check: "still exists"},
		{status: 405, want: Hold, alone: true, check: "the webhook's own"},
		{status: 407, want: Hold, alone: true, check: "HTTPS_PROXY"},
		{status: 408, want: Later, check: "too slow"},
		{status: 410, want: Hold, alone: true, check: "still exists"},
		{status: 413, want: Aside, alone: true, check: "how long a text"},
		{status: 418, want: Aside, alone: true, check: "format"},
		{status: 422, want: Aside, alone: true, check: "format"},
		{status: 425, want: Later, alone: true, check: "overloaded"},
		{status: 429, want: Later, check: "fewer notices"},
		{status: 499, want: Aside, alone: true, check: "format"},
		{status: 500, want: Later, alone: true, check: "own log"},
		{status: 501, want: Later, check: "own log"},
		{status: 502, want: Later, check: "gateway or proxy"},
		{status: 503, want: Later, check: "own log"},
		{status: 504, want: Later, check: "gateway or proxy"},
		{status: 599, want: Later, check: "own log"},
	}
	for _, test := range tests {
		got := judge(test.status, http.Header{}, nil, Success{}, now)
		if got.Verdict != test.want || got.Alone != test.alone {
			t.Errorf("%d: got: %d %t, want: %d %t", test.status, int(got.Verdict), got.Alone, int(test.want), test.alone)
		}
		if test.want != Delivered && !strings.Contains(got.Reason, fmt.Sprint(test.status)) {
			t.Errorf("%d: the reason does not name it: %q", test.status, got.Reason)
		}
		if !strings.Contains(got.Reason, test.check) {
			t.Errorf("%d: got: %q, want in it: %q", test.status, got.Reason, test.check)
		}
	}
}

func TestSuccess(t *testing.T) {
	codes := []string{"errcode", "StatusCode"}
	tests := []struct {
		desc    string
		success Success
		answer  string
		want    Verdict
		check   string
	}{
		{desc: "nothing is wanted", answer: "whatever", want: Delivered},
		{desc: "the text is there", success: Success{Contains: `"routed":true`}, answer: `{"routed":true}`, want: Delivered},
		{desc: "the text is not there", success: Success{Contains: `"routed":true`}, answer: `{"routed":false}`, want: Later, check: "answerContains"},
		{desc: "the code for success", success: Success{Codes: codes}, answer: `{"errcode":0,"errmsg":"ok"}`, want: Delivered},
		{desc: "the other code for success", success: Success{Codes: codes}, answer: `{"StatusCode":0}`, want: Delivered},
		{desc: "another code", success: Success{Codes: codes}, answer: `{"errcode":93000}`, want: Later, check: "the code 93000"},
		{desc: "a code for too many", success: Success{Codes: codes, Slow: []int64{1, 45009}}, answer: `{"errcode":45009}`, want: Later, check: "asks for fewer"},
		{desc: "a code that is a text", success: Success{Codes: codes}, answer: `{"errcode":"0"}`, want: Later, check: "no code"},
		{desc: "a code that is nothing", success: Success{Codes: codes}, answer: `{"errcode":null,"StatusCode":0}`, want: Later, check: "no code"},
		{desc: "a code that is nearly nothing", success: Success{Codes: codes}, answer: `{"errcode":0.5}`, want: Later, check: "the code 0.5"},
		{desc: "a code of many digits", success: Success{Codes: codes}, answer: `{"errcode":1` + strings.Repeat("0", 300) + `}`, want: Later, check: "the code 1" + strings.Repeat("0", 23) + "."},
		{desc: "half an answer", success: Success{Codes: codes}, answer: `{"errcode":0`, want: Later, check: "no code"},
		{desc: "no code", success: Success{Codes: codes}, answer: `{}`, want: Later, check: "no code"},
		{desc: "no JSON", success: Success{Codes: codes}, answer: `<html>`, want: Later, check: "no code"},
	}
	for _, test := range tests {
		got := judge(200, http.Header{}, []byte(test.answer), test.success, now)
		alone := test.want == Later && len(test.success.Slow) == 0
		if got.Verdict != test.want || got.Alone != alone {
			t.Errorf("%s: got: %d %t, want: %d %t", test.desc, int(got.Verdict), got.Alone, int(test.want), alone)
		}
		if !strings.Contains(got.Reason, test.check) {
			t.Errorf("%s: got: %q, want in it: %q", test.desc, got.Reason, test.check)
		}
	}
}

// A receiver's own advice is for a 400 alone.
func TestRefused(t *testing.T) {
	for _, status := range []int{400, 403} {
		got := judge(status, http.Header{}, nil, Success{Refused: "Ask Tim."}, time.Now())
		if strings.HasSuffix(got.Reason, adviceOf(status)+" Ask Tim.") != (status == 400) {
			t.Errorf("%d: got: %q, want: the receiver's advice for 400 alone", status, got.Reason)
		}
	}
}

func TestAskedFor(t *testing.T) {
	tests := []struct {
		desc   string
		header string
		answer string
		want   time.Duration
	}{
		{desc: "nothing", want: 0},
		{desc: "the header", header: "5", answer: "busy", want: 5 * time.Second},
		{desc: "Discord's fractions", header: "1", answer: `{"retry_after":64.57,"global":false}`, want: 64570 * time.Millisecond},
		{desc: "Telegram's", answer: `{"ok":false,"parameters":{"retry_after":7}}`, want: 7 * time.Second},
		{desc: "the header is longer", header: "90", answer: `{"retry_after":2}`, want: 90 * time.Second},
		{desc: "no number", answer: `{"retry_after":"soon"}`, want: 0},
		{desc: "no JSON", answer: `{"retry_after":64`, want: 0},
	}
	for _, test := range tests {
		header := http.Header{}
		if test.header != "" {
			header.Set("Retry-After", test.header)
		}
		got := askedFor(header, []byte(test.answer), now)
		if got != test.want {
			t.Errorf("%s: got: %s, want: %s", test.desc, got, test.want)
		}
	}
}
