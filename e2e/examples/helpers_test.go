package examples

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/yamltree"
)

const patience = 20 * time.Second

// dirOf is the folder of an example.
func dirOf(t *testing.T, name string) string {
	t.Helper()

	root, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}

	return filepath.Join(root, "examples", name)
}

func read(t *testing.T, path ...string) string {
	t.Helper()

	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

// replaced has each old text replaced by the new one behind it. A text that is
// not there is a fault: the example has changed, and the test has not.
func replaced(t *testing.T, text string, oldNew ...string) string {
	t.Helper()

	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(text, oldNew[i]) {
			t.Fatalf("got: no %q in the example, want: some, for the test replaces it", oldNew[i])
		}

		text = strings.ReplaceAll(text, oldNew[i], oldNew[i+1])
	}

	return text
}

type object = map[string]any

// dig follows keys into nested maps; what is not there is nil.
func dig(value any, keys ...string) any {
	for _, key := range keys {
		m, _ := value.(object)
		value = m[key]
	}

	return value
}

// static is an example's static configuration without what the harness decides:
// the port, and the place of the dynamic configuration.
func static(t *testing.T, config object) string {
	t.Helper()

	if got := dig(config, "entryPoints", "web", "address"); got != ":80" {
		t.Errorf("got: the entry point web at %v, want: :80", got)
	}

	if got := dig(config, "experimental", "localPlugins", traefik.Alias, "moduleName"); got != tools.Module {
		t.Errorf("got: the plugin %v, want: %s", got, tools.Module)
	}

	delete(config["entryPoints"].(object), "web")

	// The harness logs more, and what a README says of the log is for the
	// example's own level. Traefik's default:
	// https://doc.traefik.io/traefik/reference/install-configuration/observability/logs-and-accesslogs/
	if dig(config, "log", "level") == nil {
		config["log"] = object{"level": "ERROR"}
	}

	if providers, ok := config["providers"].(object); ok {
		delete(providers, "file")
	}

	return yamltree.Text(t, config)
}

// fromFlags is a static configuration in Traefik's flags as the file has it.
func fromFlags(t *testing.T, flags []string) object {
	t.Helper()

	config := object{}

	for _, flag := range flags {
		name, value, ok := strings.Cut(flag, "=")
		if !ok || !strings.HasPrefix(name, "--") {
			t.Fatalf("got: %q, want: --name=value", flag)
		}

		keys := strings.Split(strings.TrimPrefix(name, "--"), ".")
		at := config

		for _, key := range keys[:len(keys)-1] {
			below, ok := at[key].(object)
			if !ok {
				below = object{}
				at[key] = below
			}

			at = below
		}

		at[keys[len(keys)-1]] = value
	}

	return config
}

// wantLog looks into Traefik's log for what the example's README says of it.
func wantLog(t *testing.T, server *traefik.Server, dir string) {
	t.Helper()

	claims := regexp.MustCompile("(?m)^1\\. .* has `([^`]+)` and no error\\.").FindStringSubmatch(read(t, dir, "README.md"))
	if len(claims) != 2 {
		t.Fatal("got: no word on the log in the README, want: what it has")
	}

	log := server.Log()
	if !strings.Contains(log, claims[1]) || strings.Contains(log, "ERR") {
		t.Errorf("got: the log %q, want: %q and no error", log, claims[1])
	}
}

// application stands in for Open WebUI, and remembers what came.
type application struct {
	*httptest.Server

	mu   sync.Mutex
	seen []*http.Request
}

func newApplication(t *testing.T) *application {
	t.Helper()

	standIn, err := webui.StandIn()
	if err != nil {
		t.Fatal(err)
	}

	a := &application{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		a.mu.Lock()
		a.seen = append(a.seen, req)
		a.mu.Unlock()

		standIn.ServeHTTP(rw, req)
	}))
	t.Cleanup(a.Close)

	return a
}

func (a *application) requests() []*http.Request {
	a.mu.Lock()
	defer a.mu.Unlock()

	return a.seen
}

// post sends a sign-up, or another body, to a host at Traefik, and returns
// status and body of the answer.
func post(t *testing.T, server *traefik.Server, host, path, body string, header http.Header) (int, string) {
	t.Helper()

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	req.Host = host

	req.Header.Set("Content-Type", "application/json")

	for name, values := range header {
		req.Header[name] = values
	}

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}

	return res.StatusCode, string(text)
}

// signUp signs somebody up, which must succeed.
func signUp(t *testing.T, server *traefik.Server, host, name string, header http.Header) {
	t.Helper()

	if status, body := post(t, server, host, webui.SignUpPath, bodyOf(name), header); status != http.StatusOK {
		t.Fatalf("signing %s up: got: %d %.200s, want: 200", name, status, body)
	}
}

func bodyOf(name string) string {
	return string(webui.SignUpBody(name, webui.EmailOf(name)))
}

// wantNotices waits for as many notices as there are bodies, and compares.
func wantNotices(t *testing.T, sink *receiver.Receiver, bodies ...string) {
	t.Helper()

	taken, err := sink.Await(wait.AtMost(t, patience), len(bodies))
	if err != nil {
		t.Fatal(err)
	}

	got := []string{}
	for _, notice := range taken {
		got = append(got, notice.Body)
	}

	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", bodies) {
		t.Errorf("got: %q, want: %q", got, bodies)
	}
}

// awaitRouter waits until Traefik has a router of another provider than the
// harness's.
func awaitRouter(t *testing.T, server *traefik.Server, name string) {
	t.Helper()

	wait.Until(t, patience, func() error {
		router, err := server.Router(t.Context(), name)
		if err == nil && router.Status != "enabled" {
			err = fmt.Errorf("got: the router %v, want: enabled", router)
		}

		return err
	})
}

// waiting are the notices that wait in a state folder.
func waiting(stateDir string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(stateDir, "*", "new", "*"))
	if err == nil && len(found) == 0 {
		err = errors.New("got: nothing in " + filepath.Join("*", "new") + ", want: a notice that waits")
	}

	return found, err
}
