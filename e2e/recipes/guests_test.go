package recipes

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/doubles"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/real"
)

// secretFiles are the files of secrets that the page names.
var secretFiles = map[string]string{
	"webhook-url":    "https://chat.googleapis.com/v1/spaces/AAAAAAAAAAA/messages?key=google-key&token=google-token",
	"webhook-secret": "whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret that is known to all of us")),
}

const bearer = "Bearer not-a-real-token"

// tried are the recipes of the page and how each is tried.
var tried = []recipe{
	{
		heading: "Another text or language",
		guests:  services("slack"),
		text: func(name, email string) string {
			return fmt.Sprintf("New user signed up: %s (%s), role pending", name, email)
		},
	},
	{
		heading: "A link to the users who wait for approval",
		guests:  services("discord"),
		text: func(name, _ string) string {
			return receiver.Greeting + name + ". Freischalten: " + usersPage
		},
	},
	{heading: "Several receivers", guests: services("slack", "ntfy"), text: greet},
	{heading: "The URL in a file", guests: services("googlechat"), text: greet},
	{heading: "An Authorization header", guests: token, text: greet},
	{heading: "A signature that the receiver checks", guests: signed, text: greet},
	{
		heading: "Telegram, into a topic of a group",
		guests:  services("telegram"),
		text:    greet,
		requests: func(t *testing.T, all []request) {
			for _, r := range all {
				var body struct {
					Topic int `json:"message_thread_id"`
				}

				if err := json.Unmarshal([]byte(r.body), &body); err != nil || body.Topic != 42 {
					t.Errorf("got: topic %d (%v), want: 42", body.Topic, err)
				}
			}
		},
	},
	{
		heading: "ntfy, with priority, title and a tap that opens the page of users",
		guests:  services("ntfy"),
		text:    greet,
		requests: func(t *testing.T, all []request) {
			want := map[string]string{"Title": "Open WebUI", "Priority": "high", "Tags": "wave", "Click": usersPage}
			for _, r := range all {
				for name, value := range want {
					if got := r.header.Get(name); got != value {
						t.Errorf("%s: got: %q, want: %q", name, got, value)
					}
				}
			}
		},
	},
	{heading: "CloudEvents", guests: cloudEvents, text: greet},
	{heading: "RabbitMQ", guests: rabbitMQ, text: greet},
	{heading: "Home Assistant", guests: services("homeassistant"), text: greet},
	{heading: "n8n", guests: n8n, text: greet},
	{heading: "Node-RED", guests: nodeRED, text: greet},
	{heading: "A script of your own, with adnanh's webhook", guests: webhook, text: greet},
	{heading: "Matrix, through hookshot", guests: services("hookshot"), text: greet},
	{heading: "Matrix, straight to Synapse", guests: synapse, text: greet},
	{heading: "Zulip", guests: services("zulip"), text: greet},
}

// usersPage is the one link that the page's own texts have.
const usersPage = "https://chat.example.org/admin/users"

// services are doubles of services at their hosts. Nobody is alerted, and no
// link but the page's own can be clicked.
func services(names ...string) func(t *testing.T, r Recipe) []guest {
	return func(t *testing.T, _ Recipe) []guest {
		t.Helper()

		var guests []guest
		for _, name := range names {
			guests = append(guests, service(t, name))
		}

		return guests
	}
}

// readsMarkdown are those of which Slack's `mrkdwn` switches nothing off.
var readsMarkdown = map[string]bool{"hookshot": true, "zulip": true}

// asRead is what people see: zero-width spaces, which disarm mentions, they do
// not, and look-alikes are alike.
var asRead = strings.NewReplacer("\u200b", "", "\u2217", "*")

func service(t *testing.T, name string) guest {
	t.Helper()

	known, err := doubles.Find(name)
	if err != nil {
		t.Fatal(err)
	}

	target, err := url.Parse(known.URL)
	if err != nil {
		t.Fatal(err)
	}

	double := known.New()

	t.Cleanup(func() {
		for _, notice := range double.Notices() {
			for _, link := range notice.Links {
				if link != usersPage {
					t.Errorf("%s: got: a link to %s, want: none", name, link)
				}
			}

			if readsMarkdown[name] && len(notice.Marks) > 0 {
				t.Errorf("%s: got: the markup %q, want: none", name, notice.Marks)
			}

			if len(notice.Pings) > 0 {
				t.Errorf("%s: got: %q alerted, want: nobody", name, notice.Pings)
			}
		}

		if t.Failed() {
			t.Logf("%s has answered %v", name, double.Statuses())
		}
	})

	return guest{host: target.Host, handler: double, notices: func(context.Context) ([]string, error) {
		var texts []string
		for _, notice := range double.Notices() {
			texts = append(texts, asRead.Replace(notice.Text))
		}

		return texts, nil
	}}
}

// event is what the format json sends.
type event struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Message string `json:"message"`
		Name    string `json:"name"`
		Email   string `json:"email"`
		Role    string `json:"role"`
		ID      string `json:"id"`
	} `json:"data"`
}

// token is a receiver of one's own that wants a header.
func token(*testing.T, Recipe) []guest {
	var seen list

	return []guest{{host: "hooks.example.org", notices: seen.get, handler: http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		var e event

		switch err := decode(req.Body, &e); {
		case req.Header.Get("Authorization") != bearer:
			http.Error(rw, "who are you?", http.StatusUnauthorized)
		case req.Method != http.MethodPost || req.URL.Path != "/signups":
			http.NotFound(rw, req)
		case err != nil || e.Type != "signup" || e.Timestamp.IsZero() || e.Data.ID == "" || e.Data.Email == "" || e.Data.Role != "pending":
			http.Error(rw, fmt.Sprintf("no event: %+v %v", e, err), http.StatusUnprocessableEntity)
		default:
			seen.add(e.Data.Message)
		}
	})}}
}

// cloudEvents is the receiver of the official SDK, which answers events that
// break the specification with an error.
func cloudEvents(t *testing.T, _ Recipe) []guest {
	t.Helper()

	var seen list

	wrong := faults(t)

	protocol, err := cloudevents.NewHTTP()
	if err != nil {
		t.Fatal(err)
	}

	handler, err := cloudevents.NewHTTPReceiveHandler(t.Context(), protocol, func(_ context.Context, e cloudevents.Event) {
		var data struct {
			Message string `json:"message"`
			Name    string `json:"name"`
			Email   string `json:"email"`
			Role    string `json:"role"`
		}

		if err := e.DataAs(&data); err != nil || data.Role != "pending" || !strings.Contains(data.Message, data.Name) || data.Email == "" {
			wrong.add(fmt.Sprintf("got: data %+v (%v)", data, err))
		}

		if e.Type() != "org.example.chat.signup" || e.Source() != "https://chat.example.org" || len(e.ID()) < 40 || time.Since(e.Time()) > time.Minute {
			wrong.add(fmt.Sprintf("got: %v", e))
		}

		seen.add(data.Message)
	})
	if err != nil {
		t.Fatal(err)
	}

	return []guest{{host: "broker.example.org", handler: handler, notices: seen.get}}
}

// n8n says first that it is starting, and does nothing then.
func n8n(t *testing.T, _ Recipe) []guest {
	t.Helper()

	var asked atomic.Int32

	g := service(t, "n8n")
	ready := g.handler
	g.handler = http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		if asked.Add(1) == 1 {
			_, _ = io.WriteString(rw, "n8n is starting up. Please wait")
			return
		}

		ready.ServeHTTP(rw, req)
	})

	return []guest{g}
}

// synapse is what Synapse was seen to take.
func synapse(*testing.T, Recipe) []guest {
	var seen list

	return []guest{{host: "synapse.example.org", notices: seen.get, handler: http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		var message struct {
			Type string `json:"msgtype"`
			Body string `json:"body"`
			// With it, even an empty one, nobody is alerted by the text:
			// https://spec.matrix.org/v1.7/client-server-api/#user-and-room-mentions
			Mentions map[string]any `json:"m.mentions"`
		}

		rw.Header().Set("Content-Type", "application/json")

		switch err := decode(req.Body, &message); {
		case req.Method != http.MethodPost || req.URL.Path != "/_matrix/client/v3/rooms/!signups:example.org/send/m.room.message":
			rw.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(rw, `{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}`)
		case req.Header.Get("Authorization") != bearer:
			rw.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(rw, `{"errcode":"M_MISSING_TOKEN","error":"Missing access token"}`)
		case err != nil || message.Type != "m.text":
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(rw, `{"errcode":"M_NOT_JSON","error":"Content not JSON."}`)
		default:
			_, _ = io.WriteString(rw, `{"event_id":"$1"}`)

			seen.add(message.Body)
		}
	})}}
}

// forwarded is a guest that runs elsewhere.
func forwarded(t *testing.T, host, base string, notices func(ctx context.Context) ([]string, error)) []guest {
	t.Helper()

	target, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}

	return []guest{{host: host, handler: httputil.NewSingleHostReverseProxy(target), notices: notices}}
}

func rabbitMQ(t *testing.T, r Recipe) []guest {
	t.Helper()

	q := real.RunRabbitMQ(t)
	q.SetUp(t, block(t, r, "sh", 0))

	return forwarded(t, "rabbitmq:15672", q.URL(), q.Notices)
}

func nodeRED(t *testing.T, r Recipe) []guest {
	t.Helper()

	n := real.RunNodeRED(t, block(t, r, "json", 0))

	return forwarded(t, "node-red:1880", n.URL(), n.Notices)
}

func webhook(t *testing.T, r Recipe) []guest {
	t.Helper()

	w := real.RunWebhook(t, block(t, r, "json", 0), block(t, r, "sh", 0))

	// It must keep out who has not the token, and say so.
	res, err := http.Post(w.URL()+"/hooks/signups", "application/json", strings.NewReader(`{"data":{"message":"forged"}}`))
	if err != nil {
		t.Fatal(err)
	}

	_ = res.Body.Close()

	if res.StatusCode != http.StatusForbidden {
		t.Errorf("got: %s for a request without the token, want: 403", res.Status)
	}

	return forwarded(t, "webhook:9000", w.URL(), w.Notices)
}

// signed are both of the page's programs. Each gets every request, and it is
// taken when both take it.
func signed(t *testing.T, r Recipe) []guest {
	t.Helper()

	python, err := tools.StandardWebhooks(t.Context())
	tools.Check(t, err)

	script := filepath.Join(t.TempDir(), "receiver.py")
	write(t, script, block(t, r, "python", 0))

	source, binary := filepath.Join(t.TempDir(), "main.go"), filepath.Join(t.TempDir(), "receiver")
	write(t, source, block(t, r, "go", 0))

	// In this folder, so that this module's libraries are found.
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, source)
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the page's Go does not build: %v\n%s", err, text)
	}

	first, second := runSigned(t, python, script), runSigned(t, binary)
	wrong := faults(t)

	return []guest{
		{
			host:    "signed.example.org",
			notices: first.notices,
			handler: http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
				body, _ := io.ReadAll(req.Body)
				for _, program := range []*signedReceiver{first, second} {
					if status := program.post(req.Header, body); status != http.StatusNoContent {
						wrong.add(fmt.Sprintf("got: %d from %s, want: 204", status, program.name))
						rw.WriteHeader(http.StatusBadGateway)

						return
					}

					// One letter of it changed.
					forged := bytes.Replace(body, []byte("signup"), []byte("signop"), 1)
					if status := program.post(req.Header, forged); status != http.StatusForbidden {
						wrong.add(fmt.Sprintf("got: %d for a forged one from %s, want: 403", status, program.name))
					}
				}
			}),
		},
		{host: "nobody.example.org", handler: http.NotFoundHandler(), notices: second.notices},
	}
}

// signedReceiver is a program of the page that checks signatures.
type signedReceiver struct {
	name string
	url  string
	log  string
}

func runSigned(t *testing.T, program string, args ...string) *signedReceiver {
	t.Helper()

	port, err := process.FreePort()
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	r := &signedReceiver{name: filepath.Base(program), url: fmt.Sprintf("http://127.0.0.1:%d/signups", port), log: filepath.Join(dir, "log")}

	p, err := process.Start(dir, r.log, append(os.Environ(), fmt.Sprint("PORT=", port), "WEBHOOK_SECRET="+secretFiles["webhook-secret"]), program, args...)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		p.Kill()

		if text, _ := os.ReadFile(r.log); t.Failed() {
			t.Logf("%s has written:\n%s", r.name, text)
		}
	})

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	err = p.Await(ctx, func(context.Context) error {
		res, err := http.Get(r.url)
		if err == nil {
			_ = res.Body.Close()
		}

		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return r
}

// post returns the answer's status, 0 where there is none.
func (r *signedReceiver) post(header http.Header, body []byte) int {
	req, err := http.NewRequest(http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		return 0
	}

	req.Header = header.Clone()

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}

	_ = res.Body.Close()

	return res.StatusCode
}

// notices are what it has printed: the message, or the whole event.
func (r *signedReceiver) notices(context.Context) ([]string, error) {
	text, err := os.ReadFile(r.log)
	if err != nil {
		return nil, err
	}

	var notices []string

	for line := range strings.Lines(string(text)) {
		id, notice, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || !strings.HasPrefix(id, "msg_") {
			continue // Python's log of requests
		}

		var e event
		if json.Unmarshal([]byte(notice), &e) == nil {
			notice = e.Data.Message
		}

		notices = append(notices, notice)
	}

	return notices, nil
}

func block(t *testing.T, r Recipe, language string, n int) string {
	t.Helper()

	text, err := r.Block(language, n)
	if err != nil {
		t.Fatal(err)
	}

	return text
}

func write(t *testing.T, file, text string) {
	t.Helper()

	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
