package receiver

import (
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// What a receiver answers goes by the format, and else by the URL.
func TestCodes(t *testing.T) {
	tests := []struct {
		format string
		target string
		want   string
	}{
		{format: "auto", target: "https://hooks.example", want: ""},
		{format: "wecom", target: "https://hooks.example", want: "errcode"},
		{format: "dingtalk", target: "https://hooks.example", want: "errcode"},
		{format: "feishu", target: "https://hooks.example", want: "code StatusCode"},
		{format: "text", target: "https://open.feishu.cn/open-apis/bot/v2/hook/x", want: "code StatusCode"},
		{format: "slack", target: "https://oapi.dingtalk.com/robot/send", want: "errcode"},
	}
	text, _ := message.Parse("x", nil)
	for _, test := range tests {
		target := parsed(t, test.target)
		got := Encode(Choose(test.format, target), text, nil)
		if strings.Join(got.Codes, " ") != test.want || (len(got.Slow) > 0) != (test.want != "") {
			t.Errorf("%s to %s: got: %v %v, want: %s", test.format, test.target, got.Codes, got.Slow, test.want)
		}
		if test.format == "auto" || test.format == "text" {
			got = Custom(Choose(Auto, target), text, "text/plain", text, nil)
			if strings.Join(got.Codes, " ") != test.want {
				t.Errorf("a body to %s: got: %v, want: %s", test.target, got.Codes, test.want)
			}
		}
	}
}

// What is not rehearsed, the interpreter sees first when a notice is under way,
// maybe in two goroutines at once. `&&` hides all that is behind it, so a URL is
// needed that a row recognises.
func TestRehearsals(t *testing.T) {
	walked := map[string]bool{
		"json": true, "mattermost": true, "rocketchat": true, // recognise no URL
		"googlechat": true, "ntfy": true, "teams": true, // look at the host alone, or at any path to its end
		"slack": true, // compares a path in a loop, to the end where it recognises none
	}
	for _, address := range rehearsals {
		walked[Word(Auto, parsed(t, address))] = true
	}
	for i := range rows {
		if !walked[rows[i].format] {
			t.Errorf("%s: got: none of the rehearsals is a URL of its, want: one", rows[i].format)
		}
	}
}
