package receivers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/doubles"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// cell is how a format fares at a service.
type cell struct {
	status  int
	verdict delivery.Verdict
	shown   string // of the message: "whole", "" for nothing, else how it is put
}

// What becomes of a notice.
var (
	taken   = func(status int) cell { return cell{status, delivery.Delivered, "whole"} }
	unseen  = func(status int) cell { return cell{status, delivery.Delivered, ""} } // success, and nobody sees a thing
	raw     = func(status int) cell { return cell{status, delivery.Delivered, "as it came"} }
	refused = cell{http.StatusBadRequest, delivery.Aside, ""}
	coded   = cell{http.StatusOK, delivery.Later, ""} // a 200 that says no
)

// What a row of the matrix says of formats whose bodies are alike.
const (
	inText    = `{"text":"…",…}` // whatever stands beside it
	textAlone = `{"text":"…"}`
)

// matrix says for each service how the formats fare that are named, then those
// of a shape, and all others under "". What a service takes of another's format
// is its own doing.
var matrix = map[string]map[string]cell{
	"slack":                    {"": refused, inText: taken(200)},
	"discord":                  {"": refused, "discord": taken(200)},
	"discord for Slack's body": {"": refused, inText: taken(200)},
	"googlechat":               {"": refused, textAlone: taken(200)},
	"teams":                    {"": unseen(202), "text": refused, "ntfy": refused, "teams": taken(202)},
	"mattermost":               {"": refused, inText: taken(200), "teams": unseen(200)},
	"rocketchat": {"": unseen(200), inText: taken(200),
		"wecom": refused, "dingtalk": refused},
	"telegram": {"": refused, inText: taken(200)},
	"gotify":   {"": refused, "gotify": taken(200)},
	"ntfy":     {"": raw(200), "text": taken(200), "ntfy": taken(200)},
	"wecom":    {"": coded, "wecom": taken(200), "dingtalk": taken(200)},
	"dingtalk": {"": coded, "wecom": taken(200), "dingtalk": taken(200)},
	"feishu":   {"": coded, "feishu": taken(200)},
	"zulip": {"": unseen(200), "text": refused, "ntfy": refused, inText: taken(200),
		"wecom": refused, "dingtalk": refused},
	"hookshot":      {"": raw(200), inText: taken(200)},
	"homeassistant": {"": unseen(200), "json": taken(200)},
	"n8n":           {"": unseen(200), "json": taken(200), "text": taken(200), "ntfy": taken(200)},
}

var wantsCode = map[string]bool{"wecom": true, "dingtalk": true, "feishu": true}

// try posts a notice to a double as the plugin does.
func try(t *testing.T, d *doubles.Double, format, text string, fields map[string]string) *delivery.Outcome {
	t.Helper()

	server := httptest.NewServer(d)
	defer server.Close()

	body := encode(t, format, d.Service, text, fields)

	return post(t, d.Target(server.URL), body)
}

func post(t *testing.T, target string, body receiver.Body) *delivery.Outcome {
	t.Helper()

	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}

	return delivery.Post(delivery.NewClient(http.DefaultTransport), &delivery.Request{
		Target:  u,
		Header:  headerOf(body),
		Body:    body.Data,
		Timeout: 10 * time.Second,
		Success: delivery.Success{Codes: body.Codes, Slow: body.Slow},
	})
}

// Every format is sent to every service: what fits is shown as it was meant,
// and what does not fit fails as it does in life.
func TestEveryFormatAtEveryService(t *testing.T) {
	fields := fieldsOf("Tim")
	want := "Neuer Benutzer registriert: Tim"

	for _, service := range doubles.Services() {
		cells := matrix[service.Name]
		if cells == nil {
			t.Errorf("%s: got: no row of the matrix, want: how the formats fare there", service.Name)
			continue
		}

		for _, format := range formatsOf(t) {
			expected := cellOf(cells, format, encode(t, format, service, greeting, fields))

			// These formats want a code for success, which only some services
			// give, so that a wrong pairing does not pass for a delivery.
			if wantsCode[format] && !wantsCode[service.Formats[0]] && expected.verdict == delivery.Delivered {
				expected.verdict = delivery.Later
			}

			if slices.Contains(service.Formats, format) && expected.verdict != delivery.Delivered {
				t.Errorf("%s: got: %s refused, want: taken, as it is its own", service.Name, format)
			}

			d := service.New()
			outcome := try(t, d, format, greeting, fields)
			got := cell{status: d.Statuses()[0], verdict: outcome.Verdict, shown: put(d, want)}

			if got != expected {
				t.Errorf("%s at %s: got: %d, verdict %d, shown %q (%s), want: %d, verdict %d, shown %q", format, service.Name,
					got.status, got.verdict, got.shown, outcome.Reason, expected.status, expected.verdict, expected.shown)
			}
		}
	}
}

// cellOf is the cell for a format, by its word or else by its body's shape.
func cellOf(cells map[string]cell, format string, body receiver.Body) cell {
	keys := []string{format}

	var object map[string]any
	if err := json.Unmarshal(body.Data, &object); err == nil {
		if _, isText := object["text"].(string); isText && len(object) == 1 {
			keys = append(keys, textAlone, inText)
		} else if isText {
			keys = append(keys, inText)
		}
	}

	for _, key := range keys {
		if found, named := cells[key]; named {
			return found
		}
	}

	return cells[""]
}

// put is how the message stands in what people see.
func put(d *doubles.Double, want string) string {
	notices := d.Notices()

	switch {
	case len(notices) == 0:
		return ""
	case notices[0].Text == want:
		return "whole"
	case strings.Contains(notices[0].Text, "Tim"):
		return "as it came"
	}

	return notices[0].Text
}

// auto finds a service's own format by its URL, where the URL tells.
func TestAuto(t *testing.T) {
	byWord := []string{"mattermost", "rocketchat", "zulip", "hookshot", "homeassistant"} // on hosts of one's own

	for _, service := range doubles.Services() {
		if slices.Contains(byWord, service.Name) {
			continue
		}

		own := encode(t, service.Formats[0], service, greeting, fieldsOf("Tim"))
		got := encode(t, receiver.Auto, service, greeting, fieldsOf("Tim"))

		if service.Name == "n8n" {
			own = encode(t, "text", service, greeting, fieldsOf("Tim"))
		}

		if fmt.Sprint(got) != fmt.Sprint(own) {
			t.Errorf("%s: got: %s %s, want: %s %s", service.Name, got.ContentType, got.Data, own.ContentType, own.Data)
		}
	}
}

// A service that wants fewer notices is a receiver's trouble, not a notice's:
// it is tried later, after as long as the service asks for.
func TestTooManyAtOnce(t *testing.T) {
	waits := map[string]time.Duration{
		"slack": time.Second, "discord": time.Second, "discord for Slack's body": time.Second, "teams": 10 * time.Second,
		"telegram": 7 * time.Second, "zulip": 28700 * time.Millisecond,
	}

	for _, service := range doubles.Services() {
		if !service.GetsBusy() {
			continue
		}

		d := service.New()
		d.Limit(1)

		outcome := try(t, d, service.Formats[0], greeting, fieldsOf("Tim"))
		if outcome.Verdict != delivery.Later || outcome.Alone || outcome.Wait != waits[service.Name] {
			t.Errorf("%s: got: verdict %d, alone %t, wait %v (%s), want: later, not alone, %v", service.Name,
				outcome.Verdict, outcome.Alone, outcome.Wait, outcome.Reason, waits[service.Name])
		}

		if outcome := try(t, d, service.Formats[0], greeting, fieldsOf("Tim")); outcome.Verdict != delivery.Delivered || len(d.Notices()) != 1 {
			t.Errorf("%s: got: %d and %d notices (%s), want: delivered after the limit", service.Name, outcome.Verdict, len(d.Notices()), outcome.Reason)
		}
	}
}

// A URL whose key or path is wrong, or whose webhook is gone, is held where
// the service says so by its status; the others refuse, or say it in a code.
func TestDeadURLs(t *testing.T) {
	tests := []struct {
		service string
		target  string
		want    delivery.Verdict
	}{
		{service: "slack", target: "/services/T/B/gone", want: delivery.Hold},
		{service: "discord", target: "/api/webhooks/1/gone", want: delivery.Hold},
		{service: "discord", target: "/api/webhooks/1098765432109876543/gone", want: delivery.Hold},
		{service: "discord for Slack's body", target: "/api/webhooks/1/gone/slack", want: delivery.Hold},
		{service: "googlechat", target: "/v1/spaces/gone/messages", want: delivery.Hold},
		{service: "googlechat", target: "/v1/spaces/AAAAAAAAAAA/messages?key=google-key&token=gone", want: delivery.Hold},
		{service: "googlechat", target: "/v1/spaces/AAAAAAAAAAA/messages?key=gone", want: delivery.Aside},
		{service: "teams", target: "/workflows/gone/triggers/manual/paths/invoke", want: delivery.Hold},
		{service: "teams", target: "/workflows/0123456789abcdef/triggers/manual/paths/invoke?sig=gone", want: delivery.Hold},
		{service: "mattermost", target: "/hooks/gone", want: delivery.Aside},
		{service: "rocketchat", target: "/hooks/gone/gone", want: delivery.Aside},
		{service: "telegram", target: "/bot1:gone/sendMessage?chat_id=-1001234567890", want: delivery.Hold},
		{service: "telegram", target: "/bot123456:telegram-token/gone", want: delivery.Hold},
		{service: "gotify", target: "/message?token=gone", want: delivery.Hold},
		{service: "ntfy", target: "/accounts?auth=gone", want: delivery.Hold},
		{service: "wecom", target: "/cgi-bin/webhook/send?key=gone", want: delivery.Later},
		{service: "dingtalk", target: "/robot/send?access_token=gone", want: delivery.Later},
		{service: "feishu", target: "/open-apis/bot/v2/hook/gone", want: delivery.Later},
		{service: "zulip", target: "/api/v1/external/slack_incoming?api_key=gone", want: delivery.Hold},
		{service: "hookshot", target: "/webhook/gone", want: delivery.Hold},
		{service: "n8n", target: "/webhook/gone", want: delivery.Hold},
	}
	asked := map[string]bool{"homeassistant": true} // says 200 to any

	for _, test := range tests {
		asked[test.service] = true
		service := find(t, test.service)
		d := service.New()
		server := httptest.NewServer(d)
		outcome := post(t, server.URL+test.target, encode(t, service.Formats[0], service, greeting, fieldsOf("Tim")))
		server.Close()

		if outcome.Verdict != test.want || len(d.Notices()) != 0 {
			t.Errorf("%s at %s: got: verdict %d and %d notices (%s), want: verdict %d and none", test.service, test.target,
				outcome.Verdict, len(d.Notices()), outcome.Reason, test.want)
		}

		if strings.Contains(outcome.Reason, "gone") {
			t.Errorf("%s: got: a reason with the URL in it: %s", test.service, outcome.Reason)
		}
	}

	for _, service := range doubles.Services() {
		if !asked[service.Name] {
			t.Errorf("%s: got: no dead URL, want: one", service.Name)
		}
	}
}
