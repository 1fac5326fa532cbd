package scenario

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// recorded answers everything with a recording.
func recorded(t *testing.T, name string) http.HandlerFunc {
	t.Helper()

	recording, err := webui.ReadResponse(name)
	if err != nil {
		t.Fatal(err)
	}

	return func(rw http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)

		for name, values := range recording.Header {
			rw.Header()[name] = values
		}

		rw.WriteHeader(recording.Status)
		_, _ = rw.Write(recording.Body)
	}
}

// replay is an upstream that answers so.
func replay(t *testing.T, name string) *httptest.Server {
	t.Helper()

	server := httptest.NewServer(recorded(t, name))
	t.Cleanup(server.Close)

	return server
}

func TestTimIsAnnouncedAsPlainText(t *testing.T) {
	p, r, app := shared(t), receiver.Run(t), replay(t, "signup-pending")
	host := hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL() + "/hook?key=a%2Fb"}}})

	begin := time.Now().Truncate(time.Second)
	request := signUpRequest(host, webui.SignUpPath, "Tim")
	answered := raw(t, p.Addr(), request)

	if want := raw(t, app.Listener.Addr().String(), request); answered != want {
		t.Errorf("got: an answer %q, want: the upstream's own, %q", answered, want)
	}

	taken, err := r.Await(wait.AtMost(t, patience), 1)
	if err != nil {
		t.Fatal(err)
	}

	got := taken[0]
	if want := "Neuer Benutzer registriert: Tim"; got.Body != want {
		t.Errorf("got: %q, want: %q", got.Body, want)
	}

	if got.Method != http.MethodPost || got.Target != "/hook?key=a%2Fb" || got.Host != r.Addr() {
		t.Errorf("got: %s %s at %s, want: POST /hook?key=a%%2Fb at %s", got.Method, got.Target, got.Host, r.Addr())
	}

	headers := []struct {
		name string
		want string // a regular expression
	}{
		{name: "Content-Type", want: `^text/plain; charset=utf-8$`},
		{name: "Content-Length", want: `^31$`},
		{name: "Webhook-Id", want: `^msg_[0-9a-f]{32}$`},
		{name: "Webhook-Timestamp", want: `^[0-9]+$`},
		{name: "User-Agent", want: `^signupwebhook \(\+https://`},
	}
	for _, header := range headers {
		if value := got.Header.Get(header.name); !regexp.MustCompile(header.want).MatchString(value) {
			t.Errorf("%s: got: %q, want: %s", header.name, value, header.want)
		}
	}

	seconds, _ := strconv.ParseInt(got.Header.Get("Webhook-Timestamp"), 10, 64)
	if at := time.Unix(seconds, 0); at.Before(begin) || at.After(got.At) {
		t.Errorf("got: webhook-timestamp %v, want: between %v and %v", at, begin, got.At)
	}

	if token := "recorded-session-token"; !strings.Contains(answered, token) || strings.Contains(fmt.Sprint(got), token) {
		t.Errorf("got: the session token in %v, or not in the client's answer %q", got, answered)
	}
}

func TestSlackAndDiscordGetTheirOwnForm(t *testing.T) {
	const hostile = "<!channel> *Tim* & @everyone http://evil.example"

	tests := []struct {
		format string
		agent  string
		want   string // for Tim

		text    func(body []byte) (string, error)
		hostile string // what the hostile name becomes
	}{
		{
			format:  "slack",
			agent:   "signupwebhook (",
			want:    `{"mrkdwn":false,"text":"Neuer Benutzer registriert: Tim","unfurl_links":false,"unfurl_media":false}`,
			text:    fieldOf("text"),
			hostile: "&lt;\u200b!\u200bchannel\u200b&gt; \u2217Tim\u2217 &amp;\u200b @\u200beveryone http:\u200b /\u200b/\u200bevil.\u200bexample",
		},
		{
			format:  "discord",
			agent:   "DiscordBot (",
			want:    `{"allowed_mentions":{"parse":[]},"content":"Neuer Benutzer registriert: Tim","flags":4}`,
			text:    fieldOf("content"),
			hostile: `\<!channel\> \*Tim\* & \@everyone http\: //evil\.example`,
		},
	}

	p, app := shared(t), webui.RunStandIn(t)

	for _, test := range tests {
		t.Run(test.format, func(t *testing.T) {
			r, host := receiver.Run(t), hostOf(t)
			p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL(), "format": test.format}}})
			p.signUp(t, host, "Tim")
			p.signUp(t, host, hostile)

			taken, err := r.Await(wait.AtMost(t, patience), 2)
			if err != nil {
				t.Fatal(err)
			}

			if got := taken[0].Body; got != test.want {
				t.Errorf("got: %s, want: %s", got, test.want)
			}

			if got := taken[0].Header.Get("Content-Type"); got != "application/json" {
				t.Errorf("got: %s, want: application/json", got)
			}

			if got := taken[0].Header.Get("User-Agent"); !strings.HasPrefix(got, test.agent) {
				t.Errorf("got: %s, want: %s…", got, test.agent)
			}

			got, err := test.text([]byte(taken[1].Body))
			if want := receiver.Greeting + test.hostile; err != nil || got != want {
				t.Errorf("got: %q (%v), want: %q", got, err, want)
			}
		})
	}
}

func fieldOf(name string) func(body []byte) (string, error) {
	return func(body []byte) (string, error) {
		fields := map[string]any{}
		err := json.Unmarshal(body, &fields)

		return fmt.Sprint(fields[name]), err
	}
}

func TestMessageAndHeadersAreTheAdministrators(t *testing.T) {
	p, r, app := shared(t), receiver.Run(t), replay(t, "signup-pending")
	host := hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{
		"webhookURL": r.URL(),
		"message":    `{"u":"{name}"} {email}, {role}, {id}, {event}, {time} {`,
		"headers":    map[string]string{"Authorization": "Bearer abc", "X-Team": "Grüße, alle", "host": "hooks.example.org"},
	}}})

	begin := time.Now().UTC().Truncate(time.Second)
	// The recorded answer is Tim's, and counts for more than the request.
	p.signUp(t, host, "Tom")

	taken, err := r.Await(wait.AtMost(t, patience), 1)
	if err != nil {
		t.Fatal(err)
	}

	const id = "00000000-0000-4000-8000-000000000002"

	_, after, _ := strings.Cut(taken[0].Body, " signup, ")

	head := `{"u":"Tim"} tim@example.org, pending, ` + id + ", signup, "
	if !strings.HasPrefix(taken[0].Body, head) || !strings.HasSuffix(taken[0].Body, " {") {
		t.Errorf("got: %q, want: %s<time> {", taken[0].Body, head)
	}

	at, err := time.Parse(time.RFC3339, strings.TrimSuffix(after, " {"))
	if err != nil || at.Before(begin) || at.After(taken[0].At) {
		t.Errorf("got: {time} %v (%v), want: between %v and %v", at, err, begin, taken[0].At)
	}

	for name, want := range map[string]string{"Authorization": "Bearer abc", "X-Team": "Grüße, alle"} {
		if got := taken[0].Header.Get(name); got != want {
			t.Errorf("%s: got: %q, want: %q", name, got, want)
		}
	}

	if got := taken[0].Host; got != "hooks.example.org" {
		t.Errorf("got: host %v, want: hooks.example.org", got)
	}
}

// inYAML and inTOML are what the examples show.
const inYAML = `
http:
  routers:
    %[1]s:
      rule: Host(¸%[1]s¸)
      middlewares:
        - notify-yaml
      service: %[1]s
  middlewares:
    notify-yaml:
      plugin:
        signupwebhook:
          webhookURL: %[2]s
          message: "Hallo, {name}: '{role}'"
          timeout: 5s
          headers:
            X-Way: yaml
  services:
    %[1]s:
      loadBalancer:
        servers:
          - url: %[3]s
`

const inTOML = `
[http.routers.toml]
rule = "Host(¸%[1]s¸)"
middlewares = ["notify-toml"]
service = "toml"

[http.middlewares.notify-toml.plugin.signupwebhook]
webhookURL = "%[2]s"
message = "Hallo, {name}: '{role}'"
timeout = "5s"
[http.middlewares.notify-toml.plugin.signupwebhook.headers]
X-Way = "toml"

[[http.services.toml.loadBalancer.servers]]
url = "%[3]s"
`

// lowered has its keys as they come from Docker's labels.
const lowered = `
http:
  routers:
    %[1]s:
      rule: Host(¸%[1]s¸)
      middlewares: notify-labels
      service: %[1]s
  middlewares:
    notify-labels:
      plugin:
        signupwebhook:
          webhookurl: %[2]s
          message: "Hallo, {name}: '{role}'"
          timeout: 5s
          headers:
            x-way: labels
  services:
    %[1]s:
      loadBalancer:
        servers:
          - url: %[3]s
`

func TestConfigurationInYAMLAndTOML(t *testing.T) {
	tests := []struct {
		desc      string
		extension string
		text      string
		way       string
	}{
		{desc: "YAML", extension: "yml", text: inYAML, way: "yaml"},
		{desc: "TOML", extension: "toml", text: inTOML, way: "toml"},
		{desc: "lower case", extension: "yml", text: lowered, way: "labels"},
	}

	p, app := shared(t), webui.RunStandIn(t)

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			r, host := receiver.Run(t), hostOf(t)
			text := fmt.Sprintf(test.text, host, r.URL(), app.URL)
			p.publishText(t, test.extension, strings.ReplaceAll(text, "¸", "`"))
			p.signUp(t, host, "Tim")

			taken, err := r.Await(wait.AtMost(t, patience), 1)
			if err != nil {
				t.Fatal(err)
			}

			if want := "Hallo, Tim: 'pending'"; taken[0].Body != want {
				t.Errorf("got: %q, want: %q", taken[0].Body, want)
			}

			if got := taken[0].Header.Get("X-Way"); got != test.way {
				t.Errorf("got: %q, want: %q", got, test.way)
			}
		})
	}
}

func TestTwoMiddlewaresTwoReceivers(t *testing.T) {
	p, app := shared(t), webui.RunStandIn(t)
	one, two, host := receiver.Run(t), receiver.Run(t), hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{
		{"webhookURL": one.URL()},
		{"webhookURL": two.URL(), "message": "two: {name}"},
	}})

	// The one that fails is no matter of the other.
	two.Answer(http.StatusServiceUnavailable)
	p.signUp(t, host, "Tim")

	first, err := one.Await(wait.AtMost(t, patience), 1)
	if err != nil {
		t.Fatal(err)
	}

	two.Answer(http.StatusNoContent)

	second, err := two.Await(wait.AtMost(t, patience), 1)
	if err != nil {
		t.Fatal(err)
	}

	if first[0].Body != receiver.Greeting+"Tim" || second[0].Body != "two: Tim" {
		t.Errorf("got: %q and %q", first[0].Body, second[0].Body)
	}

	if first[0].Header.Get("Webhook-Id") == second[0].Header.Get("Webhook-Id") {
		t.Error("got: the same webhook-id for two middlewares, want: two")
	}

	wantNotices(t, p.settled(t, host, one), "Tim")
}
