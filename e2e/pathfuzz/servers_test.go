package pathfuzz

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// application is the small one of testdata/app.py, on what an installed Open
// WebUI brings.
type application struct {
	addr string
}

func startApplication(t *testing.T) *application {
	t.Helper()

	webui, err := tools.OpenWebUI(t.Context(), "")
	tools.Check(t, err)

	script, err := filepath.Abs("testdata/app.py")
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	logFile := filepath.Join(dir, "app.log")
	python := filepath.Join(filepath.Dir(webui), "python")

	for try := range 3 {
		port, err := process.FreePort()
		if err != nil {
			t.Fatal(err)
		}

		p, err := process.Start(dir, logFile, process.Environ(nil), python, script, fmt.Sprint(port))
		if err != nil {
			t.Fatal(err)
		}

		app := &application{addr: fmt.Sprintf("127.0.0.1:%d", port)}

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		err = p.Await(ctx, func(ctx context.Context) error {
			var parts map[string]string

			err := app.ask(ctx, "/server", &parts)
			if err == nil {
				t.Logf("the application: %v", parts)
			}

			if err == nil && !strings.Contains(parts["parser"], "httptools") {
				t.Errorf("got: parser %q, want: httptools, as in Open WebUI", parts["parser"])
			}

			return err
		})

		cancel()

		if err == nil {
			t.Cleanup(p.Kill)
			return app
		}

		p.Kill()

		text, _ := os.ReadFile(logFile)
		if try == 2 || !strings.Contains(string(text), "address already in use") {
			t.Fatalf("starting the application: %v\n%s", err, text)
		}
	}

	return nil
}

// made are the numbers of the requests that reached the sign-up since it was
// last asked.
func (a *application) made(ctx context.Context) ([]string, error) {
	var numbers []string

	err := a.ask(ctx, "/made", &numbers)

	return numbers, err
}

func (a *application) ask(ctx context.Context, path string, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+a.addr+path, nil)
	if err != nil {
		return err
	}

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	return json.NewDecoder(res.Body).Decode(out)
}

// What the server of startMatcher says of a request.
const (
	watchedHeader = "X-Watched" // whether the plugin watches it
	nearlyHeader  = "X-Nearly"  // whether a matcher without the newline would
)

// visit is a request on its way through the plugin.
type visit struct {
	req     *http.Request
	watched bool
}

type visitKey struct{}

// startPlugin makes the plugin, compiled, and returns what it does with a
// request: one that it watches is passed on as a copy, any other as it came.
func startPlugin(t *testing.T) func(req *http.Request) bool {
	t.Helper()

	next := http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		v := req.Context().Value(visitKey{}).(*visit)
		v.watched = req != v.req
	})

	config := signupwebhook.CreateConfig()
	config.WebhookURL = "http://127.0.0.1:9/" // never called: nothing answers like an account

	plugin, err := signupwebhook.New(t.Context(), next, config, "pathfuzz")
	if err != nil {
		t.Fatal(err)
	}

	return func(req *http.Request) bool {
		v := &visit{}
		v.req = req.WithContext(context.WithValue(req.Context(), visitKey{}, v))
		plugin.ServeHTTP(httptest.NewRecorder(), v.req)

		return v.watched
	}
}

// startMatcher runs Go's server with what the plugin watches, and behind it a
// proxy to the application: what Go sends on is not always what it got.
func startMatcher(t *testing.T, app *application, watches func(*http.Request) bool, paths []string) string {
	t.Helper()

	quiet := log.New(io.Discard, "", 0)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)

	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", app.addr, r.In.Host
		},
		Transport: transport,
		ErrorLog:  quiet,
	}

	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		rw.Header().Set(watchedHeader, strconv.FormatBool(watches(req)))
		rw.Header().Set(nearlyHeader, strconv.FormatBool(slices.Contains(paths, req.URL.Path)))
		proxy.ServeHTTP(rw, req)
	}))
	server.Config.ErrorLog = quiet
	server.Start()
	t.Cleanup(server.Close)

	return server.Listener.Addr().String()
}
