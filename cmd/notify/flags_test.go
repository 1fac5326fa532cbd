package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
)

func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	write(t, empty, "\n")
	marked := filepath.Join(dir, "marked")
	write(t, marked, "\ufeffhidden")
	tests := []struct {
		desc string
		env  string
		args []string
		want []string
	}{
		{desc: "another event", args: []string{"-url", "https://hooks.example/hidden", "-event", "login"}, want: []string{`-event: "login" is none of ` + strings.Join(openwebui.Events(), ", ")}},
		{desc: "no URL", want: []string{"there is no webhook URL", "WEBHOOK_URL"}},
		{desc: "the environment's", env: "mailto:hidden", want: []string{"WEBHOOK_URL (environment): it does not begin with https://"}},
		{desc: "everything at once", args: []string{"-url", "hidden", "-format", "x", "-timeout", "x", "-message", "{x}"}, want: []string{"webhookURL: it does not begin", "format: ", "timeout: ", "message: {x} is no placeholder"}},
		{desc: "two URLs", args: []string{"-url", "https://a.example/hidden", "-url-file", "/run/x"}, want: []string{"webhookURL and webhookURLFile are both set"}},
		{desc: "format and body", args: []string{"-url", "https://a.example/hidden", "-format", "slack", "-body", "{}"}, want: []string{"body and format are both set"}},
		{desc: "no such file", args: []string{"-url-file", filepath.Join(dir, "none")}, want: []string{"webhookURLFile: open ", "no such file", "where this command runs"}},
		{desc: "an empty file", args: []string{"-url-file", empty}, want: []string{"webhookURLFile: the file is empty"}},
		{desc: "a mark of the encoding before what is no URL", args: []string{"-url-file", marked}, want: []string{"webhookURLFile: it does not begin with https://"}},
		{desc: "a header without a colon", args: []string{"-url", "https://a.example", "-header", "hidden"}, want: []string{`-header: write "Name: value"`}},
		{desc: "a header of the plugin's", args: []string{"-url", "https://a.example", "-header", "Webhook-Id: hidden"}, want: []string{"set by the plugin itself"}},
		{desc: "an argument", args: []string{"https://a.example/hidden"}, want: []string{"a URL goes behind -url"}},
		{desc: "a flag that is none", args: []string{"-uri", "https://a.example/hidden"}, want: []string{"-uri is no flag; -h shows them all"}},
		{desc: "a URL that sticks to its flag", args: []string{"-urlhttps://a.example/hidden"}, want: []string{"write -url and its value apart"}},
		{desc: "a header that sticks to its flag", args: []string{"--header'Authorization: hidden'"}, want: []string{"write -header and its value apart"}},
		{desc: "a long flag that is none", args: []string{"-tokenhiddenhiddenhidden"}, want: []string{"an argument that begins with a dash is no flag"}},
		{desc: "a secret for a flag", args: []string{"-xoxb.hidden"}, want: []string{"an argument that begins with a dash is no flag"}},
		{desc: "three dashes", args: []string{"---hidden"}, want: []string{"an argument that begins with a dash is no flag"}},
		{desc: "a flag without its value", args: []string{"-url"}, want: []string{"-url needs a value"}},
		{desc: "a flag's value that is none", args: []string{"-dry-run=hid\"hidden\"den"}, want: []string{"-dry-run takes no such value"}},
		{desc: "a middleware of nothing", args: []string{"-middleware", "notify"}, want: []string{"-config, which is not given"}},
		{desc: "a configuration that is not there", args: []string{"-config", filepath.Join(dir, "none.yml")}, want: []string{"-config: open ", "no such file"}},
	}
	for _, test := range tests {
		status, printed := notify(t, map[string]string{"WEBHOOK_URL": test.env}, test.args...)
		if status != 2 {
			t.Errorf("%s: got: %d, want: 2", test.desc, status)
		}
		wantIn(t, test.desc, printed, test.want...)
	}
}

func TestHelp(t *testing.T) {
	status, printed := notify(t, nil, "-h")
	if status != 0 {
		t.Errorf("got: %d, want: 0", status)
	}
	wantIn(t, "-h", printed, "Exit status:", "-url-file", "-dry-run", strings.Join(openwebui.Events(), ", "))
}

// TestTypedPath is for `go run -C`, which changes the folder and leaves PWD.
func TestTypedPath(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "dynamic.yml"), `http: {middlewares: {notify: {plugin: {x: {webhookURL: "https://a.example/hidden"}}}}}`)
	t.Setenv("PWD", dir)
	status, printed := notify(t, nil, "-config", "dynamic.yml", "-dry-run")
	if status != 0 {
		t.Errorf("got: %d, want: 0: %s", status, printed)
	}
}
