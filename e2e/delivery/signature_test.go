package delivery

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/secretfile"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// secretOf makes a signing secret of a text.
func secretOf(text string) string {
	return "whsec_" + base64.StdEncoding.EncodeToString([]byte(text))
}

func TestSignature(t *testing.T) {
	t.Parallel()

	var (
		inline  = secretOf("a key in the configuration itself")
		longest = secretOf(strings.Repeat("64 bytes", 8))
		first   = secretOf("a key in a file, before it changes")
		second  = secretOf("a key in a file, after it has changed")
		file    = secretFile(t, "  "+first+" ")
	)

	one, two, three := receiver.Run(t), receiver.Run(t), receiver.Run(t)
	p := traefik.Run(t, traefik.Options{Dynamic: configuration(newApp(t),
		site{"inline", options{"webhookURL": one.URL(), "secret": inline}},
		site{"longest", options{"webhookURL": two.URL(), "secret": longest, "format": "slack"}},
		site{"file", options{"webhookURL": three.URL(), "secretFile": file}},
	)})

	// No ASCII alone: what is signed are the bytes that are sent.
	signUp(t, p, "inline", "Jörg „€“ 🦉")
	signUp(t, p, "longest", "Jörg „€“ 🦉")
	signUp(t, p, "file", "early")

	if _, err := three.Await(wait.AtMost(t, patience), 1); err != nil {
		t.Fatal(err)
	}

	secretfile.Write(t, file, second+"\n")
	signUp(t, p, "file", "late")

	if _, err := three.Await(wait.AtMost(t, patience), 2); err != nil {
		t.Fatal(err)
	}

	// While the file holds no secret, nothing goes out unsigned.
	secretfile.Write(t, file, "whsec_"+secretQuery+"\n")
	signUp(t, p, "file", "waits")
	awaitSaid(t, p, "file", "secretFile: what follows whsec_ is no base64; it must be whsec_ and 24 to 64 bytes in base64. Check the file.")
	secretfile.Write(t, file, first+"\n")

	notices := []notice{
		{"inline", taken(t, one, 1)[0], inline},
		{"64 bytes", taken(t, two, 1)[0], longest},
		{"from a file", taken(t, three, 3)[0], first},
		{"from a file that has changed", taken(t, three, 3)[1], second},
		{"from a file that was wrong for a while", taken(t, three, 3)[2], first},
	}

	for _, n := range notices {
		if got, want := n.Header.Get("Webhook-Timestamp"), n.At.Unix(); got != strconv.FormatInt(want, 10) && got != strconv.FormatInt(want-1, 10) {
			t.Errorf("%s: got: webhook-timestamp %s, want: %d, the time of the try", n.desc, got, want)
		}
	}

	t.Run("Go", func(t *testing.T) { verify(t, notices, verifyInGo) })
	t.Run("Python", func(t *testing.T) { verify(t, notices, verifyInPython) })

	wantNoSecret(t, p, inline, longest, first, second)
}

type notice struct {
	desc string
	receiver.Request
	secret string
}

func taken(t *testing.T, r *receiver.Receiver, n int) []receiver.Request {
	t.Helper()

	requests, err := r.Await(wait.AtMost(t, patience), n)
	if err != nil {
		t.Fatal(err)
	}

	return requests
}

// verify asks a library about each notice as it came, and about each way in
// which it must not have come.
func verify(t *testing.T, notices []notice, ask func(t *testing.T, notices []notice) []bool) {
	t.Helper()

	var (
		asked []notice
		wants []bool
	)

	add := func(desc string, n notice, want bool) {
		n.desc += ": " + desc
		asked, wants = append(asked, n), append(wants, want)
	}

	for _, n := range notices {
		add("as it came", n, true)

		other := n
		other.secret = secretOf("a key that nobody has ever agreed on")
		add("with another secret", other, false)

		other = n
		other.Body += " "
		add("with another body", other, false)

		for name, value := range map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": "1"} {
			other = n
			other.Header = n.Header.Clone()
			other.Header.Set(name, value)
			add("with another "+name, other, false)
		}
	}

	for i, got := range ask(t, asked) {
		if got != wants[i] {
			t.Errorf("%s: got: verified %t, want: %t", asked[i].desc, got, wants[i])
		}
	}
}

func verifyInGo(t *testing.T, notices []notice) []bool {
	t.Helper()

	var verified []bool

	for _, n := range notices {
		webhook, err := standardwebhooks.NewWebhook(n.secret)
		if err != nil {
			t.Fatal(err)
		}

		verified = append(verified, webhook.Verify([]byte(n.Body), n.Header) == nil)
	}

	return verified
}

func verifyInPython(t *testing.T, notices []notice) []bool {
	t.Helper()

	python, err := tools.StandardWebhooks(t.Context())
	tools.Check(t, err)

	var input bytes.Buffer

	for _, n := range notices {
		headers := map[string]string{}
		for name := range n.Header {
			headers[name] = n.Header.Get(name)
		}

		if err := json.NewEncoder(&input).Encode(map[string]any{"secret": n.secret, "headers": headers, "body": n.Body}); err != nil {
			t.Fatal(err)
		}
	}

	cmd := exec.CommandContext(wait.AtMost(t, patience), python, filepath.Join("testdata", "verify.py"))
	cmd.Stdin = &input
	cmd.Env = append(os.Environ(), "PYTHONUTF8=1")

	out, err := cmd.Output()

	var failed *exec.ExitError
	if errors.As(err, &failed) {
		t.Fatalf("%v: %s", err, failed.Stderr)
	}

	lines := strings.Fields(string(out))
	if err != nil || len(lines) != len(notices) {
		t.Fatalf("got: %d answers (%v), want: %d", len(lines), err, len(notices))
	}

	var verified []bool

	for i, line := range lines {
		if line != "ok" && line != "WebhookVerificationError" {
			t.Errorf("%s: got: %s, want: ok or WebhookVerificationError", notices[i].desc, line)
		}

		verified = append(verified, line == "ok")
	}

	return verified
}

// TestWrongSecretIsRefusedWithoutShowingIt looks at both places where an
// administrator finds the error of New.
func TestWrongSecretIsRefusedWithoutShowingIt(t *testing.T) {
	t.Parallel()

	const word = "word-of-a-wrong-secret"

	tests := []struct {
		name   string
		secret string
		want   string
	}{
		{name: "no-prefix", secret: word, want: "secret: it does not begin with whsec_; it must be whsec_ and 24 to 64 bytes in base64"},
		{name: "no-base64", secret: "whsec_" + word, want: "secret: what follows whsec_ is no base64; it must be"},
		{name: "too-short", secret: secretOf("twenty-three bytes long"), want: "secret: it holds 23 bytes; it must be"},
		{name: "too-long", secret: secretOf(strings.Repeat("65bytes.", 8) + "."), want: "secret: it holds 65 bytes; it must be"},
	}

	sites := []site{}
	words := []string{word}

	for _, test := range tests {
		sites = append(sites, site{test.name, options{"webhookURL": "https://hooks.example/", "secret": test.secret}})
		words = append(words, strings.TrimPrefix(test.secret, "whsec_"))
	}

	p := traefik.Run(t, traefik.Options{Dynamic: configuration(newApp(t), sites...)})

	for _, test := range tests {
		router, err := p.Router(t.Context(), test.name+"@file")
		if err != nil || router.Status != "disabled" {
			t.Errorf("%s: got: router %q (%v), want: disabled", test.name, router.Status, err)
		}

		got := strings.Join(router.Errors, "\n")
		if !strings.Contains(got, test.want) || !strings.Contains(p.Log(), test.want) {
			t.Errorf("%s: got: %s, want: %s there and in the log", test.name, got, test.want)
		}

		for _, word := range words {
			if strings.Contains(got, word) {
				t.Errorf("%s: got: the secret in %s", test.name, got)
			}
		}
	}

	wantNoSecret(t, p, words...)
}
