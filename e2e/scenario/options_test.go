package scenario

import (
	"net/http"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

func TestWithoutAnyURLTheRouterWorks(t *testing.T) {
	p, app, host := shared(t), webui.RunStandIn(t), hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"message": "Hallo {name}"}}})
	p.signUp(t, host, "Tim")
	p.reload(t)
	p.reload(t)
	p.signUp(t, host, "Tom")

	lines := p.Lines(traefik.Error, host)
	if len(lines) != 1 || !strings.Contains(lines[0], "there is no webhook URL") || !strings.Contains(lines[0], "WEBHOOK_URL") {
		t.Errorf("got: %q, want: one line that names what to set", lines)
	}
}

func TestWrongConfigurationIsRefusedWithEveryProblem(t *testing.T) {
	// Traefik itself shows options at DEBUG, so these are no secrets of other
	// tests.
	const password, key = "password-in-an-option", "key-in-an-option"

	p, r, app, host := shared(t), receiver.Run(t), webui.RunStandIn(t), hostOf(t)
	p.publish(t,
		site{host: host, upstream: app.URL, middlewares: []options{{
			"webhookURL":     "ftp://user:" + password + "@hooks.example/" + key,
			"webhookURLFile": "/run/secrets/url",
			"message":        "Hallo {nmae}",
			"format":         "slak",
			"headers":        map[string]string{"X Key": key},
			"timeout":        "soon",
		}}},
		site{host: "right-" + host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}},
	)

	got, err := p.do(t.Context(), http.MethodGet, host, "/", nil, nil)
	if err != nil || got.status != http.StatusNotFound {
		t.Errorf("got: %d (%v), want: 404, for the router is out of service", got.status, err)
	}

	p.signUp(t, "right-"+host, "Tim")
	wantNotices(t, p.settled(t, "right-"+host, r), "Tim")

	// Both places where an administrator finds it: the log and the API.
	places := map[string]string{"log": strings.Join(p.Lines(traefik.Error, " "+host+"-1@file:"), "\n")}

	router, err := p.Router(t.Context(), host+"@file")
	if err != nil || router.Status != "disabled" {
		t.Errorf("got: router %q (%v), want: disabled", router.Status, err)
	}

	places["API"] = strings.Join(router.Errors, "\n")

	wants := []string{
		"webhookURL and webhookURLFile are both set", "webhookURL: it does not begin with https://", "{nmae} is no placeholder",
		`"slak" is none of auto, text,`, `behind "X" stands what no header's name may have`, `"soon" is no duration`,
	}
	for place, text := range places {
		text = strings.ReplaceAll(text, `\"`, `"`)

		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: got: %s, want: %s in it", place, text, want)
			}
		}

		if strings.Contains(text, password) || strings.Contains(text, key) {
			t.Errorf("%s: got: a secret in %s", place, text)
		}
	}
}

func TestUnknownKeyIsNamedOnceAndIgnored(t *testing.T) {
	p, r, app, host := shared(t), receiver.Run(t), webui.RunStandIn(t), hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{
		"webhookURL": r.URL(), "mesage": "Hallo {name}", "colour": "red",
	}}})
	p.reload(t)
	p.reload(t)
	p.signUp(t, host, "Tim")
	wantNotices(t, p.settled(t, host, r), "Tim")

	lines := p.Lines(traefik.Error, host)
	if want := `"colour", "mesage" (did you mean message?)`; len(lines) != 1 || !strings.Contains(lines[0], want) {
		t.Errorf("got: %q, want: one line with %s", lines, want)
	}
}
