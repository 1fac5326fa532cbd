package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file's URL may become wrong while Traefik runs, so it is read each time.
func TestFiles(t *testing.T) {
	tests := []struct {
		desc string
		body string
		url  string // what is in the file
		key  string // in the other; "" for none
		want string // in the error; "" for none
	}{
		{desc: "a URL", url: "https://hooks.example/hidden\n"},
		{desc: "with a mark of its encoding", url: "\ufeffhttps://hooks.example/hidden\r\n", key: "\ufeffwhsec_" + strings.Repeat("AAAA", 8)},
		{desc: "nothing", url: "", want: "webhookURLFile: the file is empty"},
		{desc: "white space", url: "\ufeff \n", want: "webhookURLFile: the file is empty"},
		{desc: "no secret", url: "https://hooks.example/hidden", key: "\n", want: "secretFile: the file is empty"},
		{desc: "Telegram without a chat", url: "https://api.telegram.org/bot1:hidden/sendMessage\n", want: "webhookURLFile: for Telegram chat_id is missing"},
		{desc: "Telegram with a text", url: "https://api.telegram.org/bot1:hidden/sendMessage?chat_id=1&text=hidden", want: "webhookURLFile: for Telegram text must go"},
		{desc: "Telegram and a body without a chat", body: `{"text":"{message}"}`, url: "https://api.telegram.org/bot1:hidden/sendMessage", want: "webhookURLFile: for Telegram chat_id is missing, both"},
		{desc: "Telegram and a body with one", body: `{"chat_id":1,"text":"{message}"}`, url: "https://api.telegram.org/bot1:hidden/sendMessage"},
	}
	for _, test := range tests {
		dir := t.TempDir()
		options := Defaults()
		options.Body = test.body
		options.WebhookURLFile = filepath.Join(dir, "url")
		writeFile(t, options.WebhookURLFile, test.url)
		if test.key != "" {
			options.SecretFile = filepath.Join(dir, "key")
			writeFile(t, options.SecretFile, test.key)
		}
		used, problems := Check(options, "")
		if used == nil {
			t.Errorf("%s: got: %v, want: no problem of New", test.desc, problems)
			continue
		}
		got := ""
		_, err := Read(used)
		if err != nil {
			got = err.Error()
		}
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) || strings.Contains(got, "hidden") {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	err := os.WriteFile(path, []byte(text), 0o600)
	if err != nil {
		t.Fatal(err)
	}
}
