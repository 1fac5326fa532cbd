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
