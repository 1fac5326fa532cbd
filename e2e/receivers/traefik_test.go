package receivers

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/doubles"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"

	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

const patience = 60 * time.Second

// signedUp are those who sign up, one after the other.
var signedUp = []string{
	"Tim",
	"Zoë Müller-Lüdenscheidt 🎉",
	`<!channel> @everyone @here <users/all> <@U1> <at user_id="all"></at> @all @**all**`,
	"[Login](https://evil.example) ![x](https://evil.example/x.png) # *b* _i_ ~~s~~ `c` > q",
	`","text":"x` + "\r\nX-Evil: 1\u202e\u200b&amp;\\",
}

// pairing is a middleware: a format, and where it leads.
type pairing struct {
	format string
	double *doubles.Double
	limit  int // requests that the service refuses as too many at first
	cell   cell
}

// The interpreted plugin, in a real Traefik, with a middleware for each
// service on one router: what fits is shown, and what does not is seen in the
// log, but where the service keeps it to itself.
func TestTraefik(t *testing.T) {
	pairings := rightPairings(t)
	for _, wrong := range []struct{ format, service string }{
		{"text", "slack"}, {"mattermost", "discord"}, {"slack", "googlechat"}, {"json", "teams"}, {"text", "mattermost"}, {"text", "rocketchat"},
		{"text", "telegram"}, {"ntfy", "gotify"}, {"dingtalk", "feishu"}, {"text", "homeassistant"}, {"text", "zulip"},
	} {
		expected, named := matrix[wrong.service][wrong.format]
		if !named {
			expected = matrix[wrong.service][""]
		}

		pairings = append(pairings, pairing{format: wrong.format, double: find(t, wrong.service).New(), cell: expected})
	}

	server := traefik.Run(t, traefik.Options{Dynamic: dynamic(t, webui.RunStandIn(t).URL, pairings)})

	for i, name := range signedUp {
		webui.SignUpAt(t, server.URL(), "", name, fmt.Sprintf("tim%d@example.org", i))
	}

	ctx := wait.AtMost(t, patience)

	for i, p := range pairings {
		p.check(ctx, t, server, nameOf(i))
	}

	for _, secret := range []string{"discord-token", "teams-signature", "telegram-token", "google-token", "Agotify-token"} {
		for line := range strings.Lines(server.Log()) {
			if strings.Contains(line, "signupwebhook: ") && strings.Contains(line, secret) {
				t.Errorf("got: %s in the log, want: no secret", secret)
			}
		}
	}
}

// check wants a pairing to fare as it does in life.
func (p pairing) check(ctx context.Context, t *testing.T, server *traefik.Server, name string) {
	t.Helper()

	place := fmt.Sprintf("%s at %s", p.format, p.double.Name)
	want := 1 // those that are refused take their time

	if p.cell.shown == "whole" {
		want = p.limit + len(signedUp)
	}

	statuses, err := p.double.Await(ctx, want)
	if err != nil {
		t.Errorf("%s: %v", place, err)
		return
	}

	if p.cell.shown == "whole" {
		p.wantNotices(t, place)
	} else if statuses[0] != p.cell.status || len(p.double.Notices()) > 0 {
		t.Errorf("%s: got: %d and %d notices, want: %d and none", place, statuses[0], len(p.double.Notices()), p.cell.status)
	}

	if p.cell.verdict != delivery.Delivered {
		if err := server.AwaitLog(ctx, "signupwebhook: "+name+"@file: "); err != nil {
			t.Errorf("%s: got: %v, want: an ERROR of %s", place, err, name)
		}
	}
}

// wantNotices wants everybody to be announced in plain words, once.
func (p pairing) wantNotices(t *testing.T, place string) {
	t.Helper()

	var want []string

	for _, name := range signedUp {
		fields := fieldsOf(name)
		if asTyped[p.format] {
			want = append(want, same(message.Render(parse(t, greeting), fields, func(field string) string { return field })))
		} else {
			want = append(want, meant(t, greeting, fields))
		}
	}

	var got []string

	for _, notice := range p.double.Notices() {
		got = append(got, strings.TrimPrefix(same(notice.Text), "Received webhook data: "))

		if !notice.Harmless() && !asTyped[p.format] {
			t.Errorf("%s: got: pings %q, links %q, markup %q, want: none", place, notice.Pings, notice.Links, notice.Marks)
		}
	}

	if !slices.Equal(got, want) {
		t.Errorf("%s: got: %q, want: %q", place, got, want)
	}
}

// rightPairings are each service with each format that it shows as meant, some
// of which are told first to wait.
func rightPairings(t *testing.T) []pairing {
	t.Helper()

	var pairings []pairing

	for _, service := range doubles.Services() {
		// Discord's path for Slack's body is known by its host alone.
		if service.Name == "discord for Slack's body" {
			continue
		}

		for _, format := range service.Formats {
			p := pairing{format: format, double: service.New(), cell: cell{shown: "whole", verdict: delivery.Delivered}}

			// These ask for a second or less.
			if service.Name == "slack" || service.Name == "discord" {
				p.limit = 1
				p.double.Limit(1)
			}

			pairings = append(pairings, p)
		}
	}

	return pairings
}

func nameOf(i int) string { return fmt.Sprintf("receiver-%d", i) }

// dynamic is a router with a middleware for each pairing.
func dynamic(t *testing.T, upstream string, pairings []pairing) string {
	t.Helper()

	var d traefik.Dynamic

	names := []string{}

	for i, p := range pairings {
		server := httptest.NewServer(p.double)
		t.Cleanup(server.Close)

		names = append(names, nameOf(i))
		d.Plugin(names[i], map[string]any{"webhookURL": p.double.Target(server.URL), "format": p.format})
	}

	d.Service("webui", upstream)
	d.Router("webui", traefik.Everything, "webui", names...)

	return d.YAML()
}
