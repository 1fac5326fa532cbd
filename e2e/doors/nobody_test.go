package doors

import (
	"net/http"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// TestNobodySignsIn is an Open WebUI for one person, whose account is made when
// the page is opened for the first time.
func TestNobodySignsIn(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves the real Open WebUI out")
	}

	t.Parallel()

	app, err := webui.Start(t.Context(), webui.Options{Dir: t.TempDir(), Env: []string{"WEBUI_AUTH=False"}})
	tools.Check(t, err)
	t.Cleanup(app.Stop)

	r := receiver.Run(t)
	l := open(t, "alone", app.URL(), r, nil)
	s := traefik.Run(t, traefik.Options{Dynamic: lodges(l)})
	v := visitor{base: s.URL(), host: l.host()}

	for range 3 {
		p := v.ask(t, http.MethodPost, signInPath, map[string]string{"email": "", "password": ""})
		if p.Email != "admin@localhost" {
			t.Fatalf("got: %v, want: admin@localhost", p)
		}

		v.as(p.Token).load(t)
		wantTold(t, r, told("first-seen", p))
	}
}
