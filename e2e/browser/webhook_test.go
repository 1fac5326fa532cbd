package browser

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

var record = flag.Bool("record", false, "write docs/ anew: what Open WebUI's own webhook and the plugin send, and the picture of a sign-up")

const besideHost = "beside.localhost"

// channels are the kinds of receiver that Open WebUI tells apart, which it does
// by a text anywhere in the URL; and the plugin's format for each, where it has
// one.
var channels = []struct {
	name, path, format string

	// event is the one that Open WebUI's own is to tell; "" stands for all.
	event string
}{
	{name: "any URL", path: "/hook", format: "text"},
	{name: "Slack", path: "/https://hooks.slack.com", format: "slack"},
	{name: "Discord", path: "/https://discord.com/api/webhooks", format: "discord"},
	{name: "Google Chat", path: "/https://chat.googleapis.com", format: "googlechat"},
	{name: "Microsoft Teams", path: "/webhook.office.com", format: "teams"},
	{name: "one event", path: "/one", event: "user.created"},
}

// recording is docs/own-webhook.json, from which docs/own-webhook.md is made.
type recording struct {
	Date      string `json:"date"`
	OpenWebUI string `json:"openWebUI"`
	Traefik   string `json:"traefik"`
	Steps     []step `json:"steps"`
}

// step is something that happens, and what is sent of it.
type step struct {
	What     string    `json:"what"`
	Channels []channel `json:"channels"`
}

type channel struct {
	Name string `json:"name"`

	// What was sent, and what of it was taken. What is tried several times
	// is there once.
	OpenWebUI []string `json:"openWebUI"`
	Taken     int      `json:"openWebUITaken"`
	Plugin    []string `json:"plugin"`
	Delivered int      `json:"pluginTaken"`
}

// TestOwnWebhookBeside switches Open WebUI's own webhook on, for all events, and
// has both tell of the same accounts. What they send must be what docs/ says.
func TestOwnWebhookBeside(t *testing.T) {
	w := shared(t)
	own, ours := receiver.Run(t), receiver.Run(t)
	w.switchOwnOn(t, own)

	var middlewares []options

	for _, c := range channels {
		if c.format != "" {
			middlewares = append(middlewares, options{"webhookURL": ours.URL() + "/" + c.format, "format": c.format})
		}
	}

	if err := w.publish(t.Context(), map[string]site{besideHost: {upstream: w.app.URL(), middlewares: middlewares}}); err != nil {
		t.Fatal(err)
	}

	signUp := func(name string) webui.Account {
		got := w.request(t, besideHost, webui.SignUpPath, webui.SignUpBody(name, webui.EmailOf(name)))

		var account webui.Account
		if err := json.Unmarshal(got.body, &account); err != nil || got.status != http.StatusOK {
			t.Fatalf("%s: got: %d %s (%v), want: an account", name, got.status, got.body, err)
		}

		return account
	}

	b := beside{own: own, ours: ours, formats: len(middlewares)}

	nina := signUp("Nina")
	b.await(t, nina.ID, "Nina", 3)

	ann := w.add(t, "Ann")
	b.await(t, ann.ID, "", 1)

	own.Answer(http.StatusServiceUnavailable)
	ours.Answer(http.StatusServiceUnavailable)

	ole := signUp("Ole")
	b.await(t, ole.ID, "Ole", 3)

	own.Answer(http.StatusOK)
	ours.Answer(http.StatusOK)

	// Who comes when the receivers are back shows that all is told by then,
	// but for what nobody tells again.
	eva := signUp("Eva")
	b.await(t, eva.ID, "Eva", 3)

	if _, err := ours.Await(wait.AtMost(t, patience), 3*len(middlewares)); err != nil {
		t.Fatal(err)
	}

	for path, ids := range idsOf(about(ours.Tries(), "Ole")) {
		if len(ids) != 1 {
			t.Errorf("%s: got: %q, want: the same webhook-id at every try", path, ids)
		}
	}

	got := recording{
		Date:      time.Now().UTC().Format(time.DateOnly),
		OpenWebUI: tools.OpenWebUIVersion,
		Traefik:   tools.TraefikVersion,
		Steps: []step{
			b.step("Nina signs up", nina),
			b.step("An admin adds Ann", ann),
			b.step("Ole signs up while the receivers answer 503 for a moment", ole),
			b.step("Eva signs up when they are back", eva),
		},
	}

	compareRecording(t, got)
}

// switchOwnOn lasts until the test's end.
func (w *world) switchOwnOn(t *testing.T, own *receiver.Receiver) {
	t.Helper()

	const path = "/api/events/webhooks"

	expected := 0

	for i, c := range channels {
		var made struct {
			ID string `json:"id"`
		}

		events := []string{cmp.Or(c.event, "*")}

		err := w.app.Call(wait.AtMost(t, patience), http.MethodPost, path, w.app.AdminToken(),
			map[string]any{"name": c.name, "url": own.URL() + c.path, "enabled": true, "events": events}, &made)
		if err != nil {
			t.Fatal(err)
		}

		t.Cleanup(func() {
			if err := w.app.Call(ctxAtEnd(t), http.MethodDelete, path+"/"+made.ID, w.app.AdminToken(), nil, nil); err != nil {
				t.Error(err)
			}
		})

		// Each is told of itself and of those that come after it, but for the
		// last, which wants something else.
		expected += min(i+1, len(channels)-1)
	}

	if _, err := own.AwaitTries(wait.AtMost(t, patience), expected); err != nil {
		t.Fatal(err)
	}
}

type beside struct {
	own, ours *receiver.Receiver
	formats   int
}

// await waits until both have told, or tried to, of an account: Open WebUI some
// events to each channel, the plugin one notice, where a name is given.
func (b beside) await(t *testing.T, id, name string, events int) {
	t.Helper()

	wait.Until(t, patience, func() error {
		if got, want := len(about(b.own.Tries(), id)), events*(len(channels)-1)+1; got < want {
			return fmt.Errorf("Open WebUI's own webhook has sent %d, want: %d", got, want)
		}

		tried := map[string]bool{}
		for _, r := range about(b.ours.Tries(), name) {
			tried[r.Target] = true
		}

		if name != "" && len(tried) < b.formats {
			return fmt.Errorf("the plugin has tried %d receivers, want: %d", len(tried), b.formats)
		}

		return nil
	})
}

func about(requests []receiver.Request, text string) []receiver.Request {
	return slices.DeleteFunc(requests, func(r receiver.Request) bool { return !strings.Contains(r.Body, text) })
}

// idsOf are the different webhook-ids at each receiver.
func idsOf(requests []receiver.Request) map[string][]string {
	ids := map[string][]string{}

	for _, r := range requests {
		if id := r.Header.Get("Webhook-Id"); !slices.Contains(ids[r.Target], id) {
			ids[r.Target] = append(ids[r.Target], id)
		}
	}

	return ids
}

// step is what was sent of an account.
func (b beside) step(what string, account webui.Account) step {
	s := step{What: what}

	for _, c := range channels {
		one := channel{Name: c.name, OpenWebUI: []string{}, Plugin: []string{}}

		for _, r := range about(b.own.Tries(), account.ID) {
			if r.Target == c.path {
				one.OpenWebUI = append(one.OpenWebUI, tidy(r.Body, account))

				if r.Taken() {
					one.Taken++
				}
			}
		}

		for _, r := range about(b.ours.Tries(), account.Name) {
			if c.format != "" && r.Target == "/"+c.format {
				one.Plugin = append(one.Plugin, tidy(r.Body, account))

				if r.Taken() {
					one.Delivered++
				}
			}
		}

		// Events come in any order, and notices are tried any number of times.
		slices.Sort(one.OpenWebUI)
		one.Plugin = slices.Compact(one.Plugin)

		s.Channels = append(s.Channels, one)
	}

	return s
}

var (
	anyID    = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyClock = regexp.MustCompile(`("(?:created_at|updated_at|value)": )\d{9,}`)
)

// tidy replaces what is random or the time of day.
func tidy(body string, account webui.Account) string {
	body = strings.ReplaceAll(body, account.ID, "00000000-0000-4000-8000-000000000001")
	body = anyID.ReplaceAllStringFunc(body, func(id string) string {
		if strings.HasPrefix(id, "00000000-") {
			return id
		}

		return "ffffffff-ffff-4fff-bfff-ffffffffffff"
	})

	return anyClock.ReplaceAllString(body, "${1}1767225600")
}

func compareRecording(t *testing.T, got recording) {
	t.Helper()

	root, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}

	asJSON, asText := filepath.Join(root, "docs", "own-webhook.json"), filepath.Join(root, "docs", "own-webhook.md")

	if *record {
		text, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}

		for file, text := range map[string][]byte{asJSON: append(text, '\n'), asText: got.page(t)} {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}

			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}

	text, err := os.ReadFile(asJSON)
	if err != nil {
		t.Fatal(err)
	}

	var want recording
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}

	if !gocmp.Equal(got.Steps, want.Steps) {
		t.Errorf("docs/own-webhook.json is out of date (go test ./browser -run OwnWebhook -record): (-recorded +sent)\n%s", gocmp.Diff(want.Steps, got.Steps))
	}

	page, err := os.ReadFile(asText)
	if err != nil {
		t.Fatal(err)
	}

	if !bytes.Equal(page, want.page(t)) {
		t.Errorf("docs/own-webhook.md is not what docs/own-webhook.json makes (go test ./browser -run OwnWebhook -record): %s", gocmp.Diff(string(want.page(t)), string(page)))
	}
}

//go:embed testdata/own-webhook.md.tmpl
var pageTemplate string

// page is the recording for people.
func (r recording) page(t *testing.T) []byte {
	t.Helper()

	page, err := template.New("").Funcs(template.FuncMap{"pretty": pretty, "lines": lines}).Parse(pageTemplate)
	if err != nil {
		t.Fatal(err)
	}

	var out bytes.Buffer
	if err := page.Execute(&out, r); err != nil {
		t.Fatal(err)
	}

	return out.Bytes()
}

// pretty is a body with its JSON, where it is some, on lines of its own.
func pretty(body string) string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(body), "", "  "); err != nil {
		return body
	}

	return out.String()
}

// lines is what a chat shows of a body, in a cell of a table.
func lines(body string) string {
	var message struct {
		Text     string
		Content  string
		Summary  string
		Sections []struct {
			Facts []struct {
				Name  string
				Value any
			}
		}
		Attachments []struct {
			Content struct {
				Body []struct{ Text string }
			}
		}
	}

	if err := json.Unmarshal([]byte(body), &message); err != nil {
		return body
	}

	text := message.Text + message.Content + message.Summary

	for _, section := range message.Sections {
		for _, fact := range section.Facts {
			if slices.Contains([]string{"name", "email", "event"}, fact.Name) {
				text += fmt.Sprintf("\n%s: %v", fact.Name, fact.Value)
			}
		}
	}

	for _, attachment := range message.Attachments {
		for _, block := range attachment.Content.Body {
			text += block.Text
		}
	}

	text = strings.ReplaceAll(text, "00000000-0000-4000-8000-000000000001", "…0001")

	return strings.ReplaceAll(text, "\n", "<br>")
}
