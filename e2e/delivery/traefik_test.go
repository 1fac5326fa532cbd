package delivery

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/secretfile"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	// patience ends what has gone wrong; nothing takes that long.
	patience = 20 * time.Second

	// Words that no log line may hold.
	secretUser     = "user-that-nobody-may-know"
	secretPassword = "password-that-nobody-may-know"
	secretPath     = "path-that-nobody-may-know"
	secretQuery    = "query-that-nobody-may-know"
	secretHeader   = "header-that-nobody-may-know"
	secretToken    = "token-that-nobody-may-know"
)

// options are a middleware's, under the names that configurations use.
type options map[string]any

// site is a host at Traefik with one middleware, both of the same name.
type site struct {
	name    string
	options options
}

// configuration is Traefik's, for sites in front of app.
func configuration(app string, sites ...site) string {
	var d traefik.Dynamic

	d.Service("app", app)

	for _, s := range sites {
		d.Plugin(s.name, s.options)
		d.Router(s.name, traefik.Host(s.name), "app", s.name)
	}

	return d.YAML()
}

// newApp is a server that answers sign-ups like Open WebUI's, but for one
// thing: the same name gets the same account id each time.
func newApp(t *testing.T) string {
	t.Helper()

	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		var form struct {
			Name  string `json:"name"`
			Email string `json:"email"`
		}

		if err := json.NewDecoder(req.Body).Decode(&form); err != nil {
			rw.WriteHeader(http.StatusUnprocessableEntity)
			return
		}

		rw.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(rw).Encode(map[string]any{
			"id": "account of " + form.Name, "name": form.Name, "role": "pending", "email": form.Email, "token": secretToken,
		})
	}))
	t.Cleanup(server.Close)

	return server.URL
}

// signUp signs somebody up at a site, which must succeed whatever becomes of
// the notice.
func signUp(t *testing.T, p *traefik.Server, site, name string) {
	t.Helper()

	webui.SignUpAt(t, p.URL(), site, name, "somebody@example.org")
}

// secretFile is a file that holds a text.
func secretFile(t *testing.T, text string) string {
	t.Helper()

	file := filepath.Join(t.TempDir(), "secret")
	secretfile.Write(t, file, text+"\n")

	return file
}

// secretURL adds to a base URL everything that must not be seen.
func secretURL(base string) string {
	scheme, host, _ := strings.Cut(base, "://")

	return fmt.Sprintf("%s://%s:%s@%s/%s?key=%s", scheme, secretUser, secretPassword, host, secretPath, secretQuery)
}

// said are the lines that an administrator sees of a middleware.
func said(p *traefik.Server, site string) []string {
	return p.Lines(traefik.Error, "signupwebhook: "+site+"@file: ")
}

// awaitSaid waits until a line about a middleware holds a text.
func awaitSaid(t *testing.T, p *traefik.Server, site, text string) string {
	t.Helper()

	var found string

	wait.Until(t, patience, func() error {
		lines := said(p, site)
		for _, line := range lines {
			if strings.Contains(line, text) {
				found = line
				return nil
			}
		}

		return fmt.Errorf("%s: got: %q, want: a line with %q", site, lines, text)
	})

	return found
}

// wantNoSecret looks at all that Traefik has logged. What configurations hold
// themselves is left to Traefik, which prints them at DEBUG.
func wantNoSecret(t *testing.T, p *traefik.Server, words ...string) {
	t.Helper()

	words = append(words, secretUser, secretPassword, secretPath, secretQuery, secretHeader, secretToken)

	for line := range strings.Lines(p.Log()) {
		if isConfiguration(line) {
			continue
		}

		for _, word := range words {
			if strings.Contains(line, word) {
				t.Errorf("got: a secret in the log: %s", line)
			}
		}
	}
}

func isConfiguration(line string) bool {
	return strings.Contains(line, " DBG ") && strings.Contains(line, "Configuration received")
}

// idOf is the one webhook-id that all tries must have.
func idOf(t *testing.T, tries []receiver.Request) string {
	t.Helper()

	id := ""

	for i, try := range tries {
		got := try.Header.Get("Webhook-Id")
		if i == 0 {
			id = got
		}

		if got != id || id == "" {
			t.Errorf("got: webhook-id %q at try %d, want: %q", got, i+1, id)
		}
	}

	return id
}
