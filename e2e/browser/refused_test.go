package browser

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// TestSignUpIsSwitchedOff has somebody send the form who opened the page when
// sign-up was still on.
func TestSignUpIsSwitchedOff(t *testing.T) {
	w := shared(t)
	since := w.mark(t)

	p := w.person(t)
	p.openSignUp(w.url(watchedHost))
	p.fill("Late", "late@example.org")

	w.configure(t, map[string]any{"ENABLE_SIGNUP": false})
	t.Cleanup(func() { w.configure(t, map[string]any{"ENABLE_SIGNUP": true}) })

	if got := p.submit(); got.status != http.StatusForbidden {
		t.Errorf("got: %d %s, want: 403", got.status, got.body)
	}

	p.see("You do not have permission to access this resource")

	header := http.Header{"Content-Type": {"application/json"}, "Accept-Encoding": {"identity"}}
	w.sameAsDirect(t, http.MethodPost, webui.SignUpPath, header, webui.SignUpBody("Late", "late@example.org"), http.StatusForbidden)

	w.configure(t, map[string]any{"ENABLE_SIGNUP": true})
	w.wantNotices(t, since)
}

// TestExpiredSession has a browser come back with a session that has ended: it
// is sent to the sign-in page, and a new account made there is one like any.
func TestExpiredSession(t *testing.T) {
	w := shared(t)
	since := w.mark(t)

	w.configure(t, map[string]any{"JWT_EXPIRES_IN": "1s"})
	t.Cleanup(func() { w.configure(t, map[string]any{"JWT_EXPIRES_IN": "4w"}) })

	p := w.person(t)
	token := accountIn(t, p.signUp(w.url(watchedHost), "Brief", "brief@example.org")).Token

	w.configure(t, map[string]any{"JWT_EXPIRES_IN": "4w"})

	const whoami = "/api/v1/auths/"

	header := http.Header{"Authorization": {"Bearer " + token}, "Cookie": {"token=" + token}, "Accept-Encoding": {"identity"}}

	wait.Until(t, patience, func() error {
		got, err := ask(wait.AtMost(t, patience), http.MethodGet, w.app.URL(), "", whoami, header, nil)
		if err == nil && got.status != http.StatusUnauthorized {
			err = errors.New("the session goes on")
		}

		return err
	})

	w.sameAsDirect(t, http.MethodGet, whoami, header, nil, http.StatusUnauthorized)

	// With it, nobody is added, and a sign-up is refused or made as without.
	header.Set("Content-Type", "application/json")
	w.sameAsDirect(t, http.MethodPost, "/api/v1/auths/add", header, webui.SignUpBody("Added", "added@example.org"), http.StatusUnauthorized)
	w.sameAsDirect(t, http.MethodPost, webui.SignUpPath, header, webui.SignUpBody("Brief", "brief@example.org"), http.StatusBadRequest)

	// The page may have noticed already, or be about to: the token is put back
	// where no page of Open WebUI's runs that takes it away.
	p.do(
		chromedp.Navigate(w.url(watchedHost)+"/api/version"),
		chromedp.Evaluate[chromedp.Void](fmt.Sprintf("localStorage.token = %q", token)),
	)

	if got := p.during(http.MethodGet, whoami, func() { p.do(chromedp.Navigate(w.url(watchedHost) + "/")) }); got.status != http.StatusUnauthorized {
		t.Errorf("got: %d, want: 401", got.status)
	}

	p.see("Sign in to Open WebUI")

	if got := accountIn(t, p.signUp(w.url(watchedHost), "Back", "back@example.org")); got.Name != "Back" {
		t.Errorf("got: %s, want: Back", got.Name)
	}

	w.wantNotices(t, since, "Brief", "Back")
}

// sameAsDirect compares an answer with Open WebUI's own to the same.
func (w *world) sameAsDirect(t *testing.T, method, path string, header http.Header, body []byte, want int) {
	t.Helper()

	direct, err := ask(wait.AtMost(t, patience), method, w.app.URL(), watchedHost, path, header, body)
	if err != nil {
		t.Fatal(err)
	}

	through, err := ask(wait.AtMost(t, patience), method, w.traefik.URL(), watchedHost, path, header, body)
	if err != nil {
		t.Fatal(err)
	}

	if direct.status != want {
		t.Errorf("%s %s: got: %d %.200s, want: %d", method, path, direct.status, direct.body, want)
	}

	before := asText(direct.status, direct.header, string(direct.body))
	if after := asText(through.status, through.header, string(through.body)); after != before {
		t.Errorf("%s %s: (-without Traefik +through the plugin)\n%s", method, path, cmp.Diff(before, after))
	}
}
