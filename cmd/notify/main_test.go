package main

import (
	"bytes"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// asCommand makes this test's program the command itself, for what Go reads
// from the environment once for a process.
const asCommand = "NOTIFY_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	// Neither may change where the tests send.
	for _, name := range []string{"WEBHOOK_URL", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		_ = os.Unsetenv(name)
	}
	os.Exit(m.Run())
}

const signingSecret = "whsec_aGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVu"

// secrets must be nowhere in what is printed.
var secrets = []string{"hidden", signingSecret, "aGlkZGVu"}

// notify runs the command and gives its exit status and what it printed.
func notify(t *testing.T, env map[string]string, args ...string) (int, string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(args, func(key string) string { return env[key] }, &stdout, &stderr)
	printed := stdout.String() + stderr.String()
	for _, secret := range secrets {
		if strings.Contains(printed, secret) {
			t.Errorf("got: the secret %s in %s", secret, printed)
		}
	}
	return status, printed
}

// notifyAlone runs it as a process of its own, with that environment besides.
func notifyAlone(t *testing.T, env []string, args ...string) (int, string) {
	t.Helper()
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), asCommand+"=1")
	command.Env = append(command.Env, env...)
	printed, err := command.CombinedOutput()
	if command.ProcessState == nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if strings.Contains(string(printed), secret) {
			t.Errorf("got: the secret %s in %s", secret, printed)
		}
	}
	return command.ProcessState.ExitCode(), string(printed)
}

func wantIn(t *testing.T, desc, printed string, want ...string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(printed, text) {
			t.Errorf("%s: got: %s, want in it: %s", desc, printed, text)
		}
	}
}

// recorder answers each request the same way and keeps the last.
type recorder struct {
	mu     sync.Mutex
	answer func(rw http.ResponseWriter, req *http.Request)
	seen   *http.Request
	body   string
	count  int
}

func (r *recorder) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	r.seen = req
	r.body = string(body)
	r.count++
	r.mu.Unlock()
	r.answer(rw, req)
}

func (r *recorder) last() (*http.Request, string, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen, r.body, r.count
}

func answers(status int, header, body string) func(rw http.ResponseWriter, req *http.Request) {
	return func(rw http.ResponseWriter, _ *http.Request) {
		name, value, _ := strings.Cut(header, ": ")
		if name != "" {
			rw.Header().Set(name, value)
		}
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, body)
	}
}

func TestVerdicts(t *testing.T) {
	tests := []struct {
		desc   string
		answer func(rw http.ResponseWriter, req *http.Request)
		args   []string
		status int
		want   []string
	}{
		{desc: "delivered", answer: answers(204, "", ""), status: 0, want: []string{"answer    204 No Content", "verdict   delivered"}},
		{desc: "delivered with the text", answer: answers(200, "", `{"routed":true}`), args: []string{"-answer-contains", `"routed":true`}, status: 0, want: []string{"verdict   delivered"}},
		{desc: "without the text", answer: answers(200, "", `{"routed":false,"x":"hidden"}`), args: []string{"-answer-contains", `"routed":true`}, status: 3, want: []string{"verdict   later", "does not hold the text of answerContains"}},
		{desc: "down", answer: answers(503, "Retry-After: 30", "hidden"), status: 3, want: []string{"answer    503 Service Unavailable", "verdict   later", "down, overloaded or faulty", "asks to wait 30s"}},
		{desc: "too often", answer: answers(429, "", ""), status: 3, want: []string{"verdict   later", "it asks for fewer notices"}},
		{desc: "a wrong key", answer: answers(401, "", "hidden"), status: 4, want: []string{"answer    401 Unauthorized", "verdict   hold", "invalid, expired or revoked", "everything to this receiver would wait"}},
		{desc: "gone", answer: answers(410, "", ""), status: 4, want: []string{"verdict   hold", "still exists and is switched on"}},
		{desc: "a redirect", answer: answers(302, "Location: https://b.example/hidden", ""), status: 4, want: []string{"verdict   hold", "redirects are not followed"}},
		{desc: "the wrong format", answer: answers(400, "", "invalid_payload"), status: 5, want: []string{"answer    400 Bad Request", "-show-answer prints", "verdict   aside", "option format fits"}},
		{desc: "the wrong format, in the receiver's words", answer: answers(400, "", "invalid_payload"), args: []string{"-show-answer"}, status: 5, want: []string{"invalid_payload", "verdict   aside"}},
		{desc: "words without end", answer: answers(200, "", strings.Repeat("x", 9000)+"taken"), args: []string{"-show-answer", "-answer-contains", "taken"}, status: 0, want: []string{strings.Repeat("x", 2000) + "\n", "verdict   delivered"}},
		{desc: "no answer", answer: func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }, args: []string{"-timeout", "100ms"}, status: 3, want: []string{"answer    none", "verdict   later", "no answer within 100ms", "it may have arrived"}},
		{desc: "it breaks off", answer: func(_ http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, status: 3, want: []string{"answer    none", "verdict   later", "broke off without an answer"}},
	}
	for _, test := range tests {
		receiver := &recorder{answer: test.answer}
		server := httptest.NewServer(receiver)
		secret := filepath.Join(t.TempDir(), "secret")
		write(t, secret, signingSecret)
		args := append([]string{"-url", server.URL + "/hidden?token=hidden", "-header", "Authorization: Bearer hidden", "-secret-file", secret}, test.args...)
		status, printed := notify(t, nil, args...)
		server.Close()
		if status != test.status {
			t.Errorf("%s: got: %d, want: %d", test.desc, status, test.status)
		}
		wantIn(t, test.desc, printed, append(test.want, "POST "+server.URL+" ", "Authorization: (not shown)", "Webhook-Signature: (not shown)", "Neuer Benutzer registriert: Tim")...)
		seen, body, count := receiver.last()
		if count != 1 || body != "Neuer Benutzer registriert: Tim" || seen.URL.String() != "/hidden?token=hidden" || seen.Header.Get("Authorization") != "Bearer hidden" {
			t.Errorf("%s: got: %d requests, the last %s with %q", test.desc, count, seen.URL, body)
		}
		if !strings.HasPrefix(seen.Header.Get("Webhook-Signature"), "v1,") {
			t.Errorf("%s: got: no signature", test.desc)
		}
	}
}

func TestWhatIsSent(t *testing.T) {
	tests := []struct {
		desc string
		args []string
		body string
		want []string
	}{
		{desc: "all placeholders", args: []string{"-message", "{name} {email} {role} {id} {event}", "-name", "Ada\x1b[2J", "-email", "a@b.example", "-role", "admin", "-id", "7", "-event", "scim"}, body: "Ada [2J a@b.example admin 7 scim", want: []string{"receiver  text, because no service"}},
		{desc: "nobody's name", args: []string{"-name", "", "-email", "a@b.example"}, body: "Neuer Benutzer registriert: a@b.example"},
		{desc: "by the option", args: []string{"-format", "slack", "-name", "<!channel>"}, body: "&lt;\u200b!\u200bchannel\u200b&gt;", want: []string{"receiver  slack, by the option format", "application/json"}},
		{desc: "a body of one's own", args: []string{"-body", `{"key":"hidden","text":"{message}"}`, "-name", `"`}, body: `{"key":"hidden","text":"Neuer Benutzer registriert: \""}`, want: []string{"receiver  by the option body", "body      56 bytes"}},
	}
	for _, test := range tests {
		receiver := &recorder{answer: answers(204, "", "")}
		server := httptest.NewServer(receiver)
		status, printed := notify(t, nil, append(test.args, "-url", server.URL)...)
		server.Close()
		_, body, _ := receiver.last()
		if status != 0 || !strings.Contains(body, test.body) {
			t.Errorf("%s: got: %d %q, want: 0 %q in it", test.desc, status, body, test.body)
		}
		wantIn(t, test.desc, printed, test.want...)
	}
}

func TestTwoNoticesAreNoDouble(t *testing.T) {
	receiver := &recorder{answer: answers(204, "", "")}
	server := httptest.NewServer(receiver)
	defer server.Close()
	notify(t, nil, "-url", server.URL)
	first, _, _ := receiver.last()
	notify(t, nil, "-url", server.URL)
	second, _, _ := receiver.last()
	if first.Header.Get("Webhook-Id") == second.Header.Get("Webhook-Id") {
		t.Errorf("got: %s twice, want: another", first.Header.Get("Webhook-Id"))
	}
}

func TestDryRunSendsNothing(t *testing.T) {
	receiver := &recorder{answer: answers(500, "", "")}
	server := httptest.NewServer(receiver)
	defer server.Close()
	status, printed := notify(t, nil, "-url", server.URL+"/hidden", "-dry-run")
	_, _, count := receiver.last()
	if status != 0 || count != 0 {
		t.Errorf("got: %d and %d requests, want: 0 and 0", status, count)
	}
	wantIn(t, "dry run", printed, "Neuer Benutzer registriert: Tim", "sends nothing")
	_, printed = notify(t, nil, "-url", "https://discord.com/api/webhooks/1/hidden", "-dry-run")
	wantIn(t, "recognised", printed, "receiver  discord, recognised by the URL", "POST https://discord.com (", `"content":"Neuer Benutzer registriert: Tim"`)
	_, printed = notify(t, nil, "-url", "https://user:hidden@hooks.example/hidden", "-dry-run", "-body", `{"a":"{name}"}`, "-show-body")
	wantIn(t, "user and password", printed, "POST https://hooks.example (", `body      {"a":"Tim"}`)
}

func TestURLFile(t *testing.T) {
	receiver := &recorder{answer: answers(204, "", "")}
	server := httptest.NewServer(receiver)
	defer server.Close()
	path := filepath.Join(t.TempDir(), "url")
	write(t, path, "\ufeff"+server.URL+"/hidden\r\n")
	status, _ := notify(t, map[string]string{"WEBHOOK_URL": "http://127.0.0.1:1/hidden"}, "-url-file", path)
	seen, _, count := receiver.last()
	if status != 0 || count != 1 || seen.URL.Path != "/hidden" {
		t.Errorf("got: %d and %d requests, want: 0 and 1", status, count)
	}
}

func TestCertificates(t *testing.T) {
	receiver := &recorder{answer: answers(204, "", "")}
	server := httptest.NewUnstartedServer(receiver)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of each refusal
	server.StartTLS()
	defer server.Close()
	authority := filepath.Join(t.TempDir(), "ca.pem")
	write(t, authority, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	plain := httptest.NewServer(receiver)
	defer plain.Close()
	tests := []struct {
		desc   string
		env    []string
		url    string
		status int
		want   []string
	}{
		{desc: "self-signed", url: server.URL, status: 3, want: []string{"authority that is unknown here", "SSL_CERT_FILE"}},
		{desc: "self-signed, and known", env: []string{"SSL_CERT_FILE=" + authority}, url: server.URL, status: 0, want: []string{"verdict   delivered"}},
		{desc: "for another name", env: []string{"SSL_CERT_FILE=" + authority}, url: strings.Replace(server.URL, "127.0.0.1", "localhost", 1), status: 3, want: []string{"for another host name"}},
		{desc: "no TLS at all", url: strings.Replace(plain.URL, "http:", "https:", 1), status: 3, want: []string{"does not speak TLS", "scheme (http or https)"}},
	}
	for _, test := range tests {
		status, printed := notifyAlone(t, test.env, "-url", test.url+"/hidden")
		if status != test.status {
			t.Errorf("%s: got: %d, want: %d", test.desc, status, test.status)
		}
		wantIn(t, test.desc, printed, test.want...)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	err := os.WriteFile(path, []byte(content), 0o600)
	if err != nil {
		t.Fatal(err)
	}
}
