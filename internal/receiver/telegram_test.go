package receiver

import (
	"strings"
	"testing"
)

func TestMissing(t *testing.T) {
	tests := []struct {
		desc   string
		format string
		body   string
		target string
		want   []string
	}{
		{desc: "nothing", format: "auto", target: "https://api.telegram.org/bot1:x/sendMessage?chat_id=1"},
		{desc: "nothing, of a server of one's own", format: "telegram", target: "https://bots.example/bot1:x/sendMessage?chat_id=@team"},
		{desc: "chat_id", format: "auto", target: "https://api.telegram.org/bot1:hidden/sendMessage", want: []string{"chat_id is missing"}},
		{desc: "an empty chat_id", format: "telegram", target: "https://bots.example/bot1:hidden/sendMessage?chat_id=", want: []string{"chat_id is missing"}},
		{desc: "both", format: "auto", target: "https://api.telegram.org/bot1:hidden", want: []string{"/sendMessage", "chat_id is missing"}},
		{desc: "nothing, in small letters", format: "auto", target: "https://api.telegram.org/bot1:x/sendmessage?chat_id=1&message_thread_id=2"},
		{desc: "markup switched on", format: "auto", target: "https://api.telegram.org/bot1:hidden/sendMessage?chat_id=1&parse_mode=HTML", want: []string{"parse_mode must go from its query", "option body"}},
		{desc: "another text", format: "auto", target: "https://api.telegram.org/bot1:hidden/sendMessage?chat_id=1&text=hidden", want: []string{"text must go from its query"}},
		{desc: "entities and a chat", format: "telegram", target: "https://bots.example/bot1:hidden/sendMessage?entities=hidden&caption=x", want: []string{"chat_id is missing", "entities must go", "caption must go"}},
		{desc: "with a body", format: "auto", body: `{"chat_id":1}`, target: "https://api.telegram.org/bot1:x/sendPhoto?caption=x"},
		{desc: "with a body, the URL's chat", format: "auto", body: `{}`, target: "https://api.telegram.org/bot1:x/sendMessage?chat_id=1"},
		{desc: "with a body, no chat", format: "auto", body: `{"text":"hidden"}`, target: "https://api.telegram.org/bot1:hidden/sendMessage", want: []string{"chat_id is missing", "option body"}},
		{desc: "a body for anyone", format: "auto", body: `{}`, target: "https://hooks.example/hidden"},
		{desc: "text wants nothing of anyone", format: "text", target: "https://api.telegram.org/bot1:hidden"},
		{desc: "nor do others", format: "auto", target: "https://hooks.slack.com/services/hidden"},
	}
	for _, test := range tests {
		got := Missing(test.format, test.body, parsed(t, test.target))
		if (got == "") != (len(test.want) == 0) || strings.Contains(got, "hidden") {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: got: %q, want in it: %q", test.desc, got, want)
			}
		}
	}
}
