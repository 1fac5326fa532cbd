package scenario

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// spellings are those of the sign-up's path that make accounts.
var spellings = []string{
	webui.SignUpPath,
	webui.SignUpPath + "%0a",
	"/api/v1/auths/%73ignup",
	"/api%2Fv1/auths/signup",
	webui.SignUpPath + "?next=%2F",
}

func TestEverySpellingOnTheMainRouter(t *testing.T) {
	p, r, app := shared(t), receiver.Run(t), webui.RunStandIn(t)
	host := hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}})
	announceEverySpelling(t, p, r, host)
}

// dedicated has a router for the sign-ups alone beside the main one, which
// does without the plugin, and another site.
const dedicated = `
http:
  routers:
    chat:
      rule: Host(¸%[1]s¸) || Host(¸www.%[1]s¸)
      service: chat
    chat-sign-up:
      rule: (Host(¸%[1]s¸) || Host(¸www.%[1]s¸)) && Method(¸POST¸) && PathRegexp(¸signup|^/?$¸)
      priority: 100000
      middlewares: [notify-dedicated]
      service: chat
    shop:
      rule: Host(¸shop.%[1]s¸)
      service: shop
  middlewares:
    notify-dedicated:
      plugin:
        signupwebhook:
          webhookURL: %[2]s
  services:
    chat:
      loadBalancer:
        servers:
          - url: %[3]s
    shop:
      loadBalancer:
        servers:
          - url: %[4]s
`

func TestDedicatedRouterBesideTheMainOne(t *testing.T) {
	p, r, app := shared(t), receiver.Run(t), webui.RunStandIn(t)
	host := hostOf(t)

	seen := make(chan string, 10)

	shop := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		seen <- fmt.Sprintf("%s %s %d", req.RequestURI, req.Header.Get("Accept-Encoding"), len(body))

		rw.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(rw, `{"name":"shopper","id":"1"}`)
	}))
	t.Cleanup(shop.Close)

	text := fmt.Sprintf(dedicated, host, r.URL(), app.URL, shop.URL)
	p.publishText(t, "yml", strings.ReplaceAll(text, "¸", "`"))

	got, err := p.do(t.Context(), http.MethodPost, "shop."+host, webui.SignUpPath, strings.NewReader("{}"), http.Header{"Accept-Encoding": {"zstd"}})
	if err != nil || string(got.body) != `{"name":"shopper","id":"1"}` {
		t.Errorf("got: %s (%v), want: the shop's answer", got.body, err)
	}

	if got, want := <-seen, webui.SignUpPath+" zstd 2"; got != want {
		t.Errorf("got: %q, want: %q", got, want)
	}

	got, err = p.do(t.Context(), http.MethodGet, host, webui.SignUpPath, nil, nil)
	if err != nil || got.status != http.StatusOK {
		t.Errorf("got: %d (%v), want: the page", got.status, err)
	}

	announceEverySpelling(t, p, r, host)

	if len(seen) != 0 {
		t.Errorf("got: %q at the shop, want: nothing more", <-seen)
	}
}

// announceEverySpelling signs somebody up through each spelling.
func announceEverySpelling(t *testing.T, p *proxy, r *receiver.Receiver, host string) {
	t.Helper()

	var names []string

	for i, path := range spellings {
		name := fmt.Sprintf("Tim %d", i)
		names = append(names, name)

		if got := raw(t, p.Addr(), signUpRequest(host, path, name)); statusOf(got) != http.StatusOK {
			t.Errorf("%s: got: %s, want: 200", path, clip(got))
		}
	}

	// No account, no notice.
	for _, path := range []string{"/api/v1/auths/signupp", webui.SignUpPath + "/", webui.SignUpPath + "%0a%0a", "/x" + webui.SignUpPath} {
		raw(t, p.Addr(), signUpRequest(host, path, "Nobody"))
	}

	wantNotices(t, p.settled(t, host, r), names...)
}
