package scenario

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// patience is for what takes milliseconds or, where a notice is tried again,
// some seconds; it ends what has gone wrong.
const patience = 30 * time.Second

// debug gives the profiles of Traefik's goroutines.
const debug = "api: {debug: true}"

// The Traefik that scenarios share. It starts with the first that asks.
var (
	sharedOnce   sync.Once
	sharedServer *proxy
	errShared    error
)

func TestMain(m *testing.M) {
	code := m.Run()

	if sharedServer != nil {
		sharedServer.Stop()
	}

	os.Exit(code)
}

// proxy is a running Traefik to which scenarios bring their configurations.
type proxy struct {
	*traefik.Server

	// reloading guards the server, of which only Addr, URL and Log may be
	// used at once.
	reloading sync.Mutex
}

// shared is the Traefik of all scenarios that need none of their own.
func shared(t *testing.T) *proxy {
	t.Helper()
	needTraefik(t)

	sharedOnce.Do(func() {
		server, err := traefik.Start(context.Background(), traefik.Options{Static: debug})
		sharedServer, errShared = &proxy{Server: server}, err

		if err != nil {
			sharedServer = nil
		}
	})

	if errShared != nil {
		t.Fatal(errShared)
	}

	dumpLogOnFailure(t, sharedServer)

	return sharedServer
}

// own is a Traefik for one scenario.
func own(t *testing.T, options traefik.Options) *proxy {
	t.Helper()
	needTraefik(t)

	server, err := traefik.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(server.Stop)

	p := &proxy{Server: server}
	dumpLogOnFailure(t, p)

	return p
}

// needTraefik leaves a scenario out where no Traefik can be had, but never
// where everything must be tested.
func needTraefik(t *testing.T) {
	t.Helper()

	_, err := tools.Traefik(t.Context(), "")
	if err != nil {
		leaveOut(t, err)
	}
}

func leaveOut(t *testing.T, reason error) {
	t.Helper()

	if os.Getenv("CI") == "true" {
		t.Fatalf("CI=true leaves nothing out: %v", reason)
	}

	t.Skipf("left out: %v", reason)
}

// dumpLogOnFailure shows what Traefik has logged since now.
func dumpLogOnFailure(t *testing.T, p *proxy) {
	t.Helper()

	begin := len(p.Log())

	t.Cleanup(func() {
		if !t.Failed() {
			return
		}

		var lines []string

		for line := range strings.Lines(p.Log()[begin:]) {
			// These are whole configurations, or a line for each request.
			if !strings.Contains(line, " DBG ") || strings.Contains(line, "signupwebhook:") {
				lines = append(lines, line)
			}
		}

		const most = 200
		if len(lines) > most {
			lines = append(lines[:most:most], fmt.Sprintf("… and %d more lines\n", len(lines)-most))
		}

		t.Logf("Traefik's log:\n%s", strings.Join(lines, ""))
	})
}

// options are a middleware's, under the names that configurations use.
type options map[string]any

// site is a host at Traefik and what answers there.
type site struct {
	host     string
	upstream string

	// middlewares are the plugin's, in the order of the router, named
	// HOST-1, HOST-2 and so on.
	middlewares []options

	// transport, where it is set, are the options of the way to upstream.
	transport map[string]any
}

// publish makes Traefik serve sites until the test's end.
func (p *proxy) publish(t *testing.T, sites ...site) {
	t.Helper()

	routers, middlewares, services, transports := map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}

	for _, s := range sites {
		names := []string{}

		for i, o := range s.middlewares {
			name := fmt.Sprintf("%s-%d", s.host, i+1)
			names = append(names, name)
			middlewares[name] = map[string]any{"plugin": map[string]any{traefik.Alias: o}}
		}

		routers[s.host] = map[string]any{"rule": fmt.Sprintf("Host(`%s`)", s.host), "service": s.host, "middlewares": names}

		balancer := map[string]any{"servers": []any{map[string]any{"url": s.upstream}}}
		if s.transport != nil {
			transports[s.host] = s.transport
			balancer["serversTransport"] = s.host
		}

		services[s.host] = map[string]any{"loadBalancer": balancer}
	}

	dynamic := map[string]any{"routers": routers, "services": services}
	// Traefik refuses empty sections.
	if len(middlewares) > 0 {
		dynamic["middlewares"] = middlewares
	}

	if len(transports) > 0 {
		dynamic["serversTransports"] = transports
	}

	text, err := yaml.Marshal(map[string]any{"http": dynamic})
	if err != nil {
		t.Fatal(err)
	}

	p.publishText(t, "yml", string(text))
}

// publishText does the same with a configuration as an administrator writes
// it, in YAML (yml) or TOML (toml). Called again, it replaces the one before.
func (p *proxy) publishText(t *testing.T, extension, text string) {
	t.Helper()

	file := filepath.Join(p.Dir(), "dynamic", hostOf(t)+"."+extension)
	if err := p.write(t.Context(), file, text); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = os.Remove(file) })
}

func (p *proxy) write(ctx context.Context, file, text string) error {
	p.reloading.Lock()
	defer p.reloading.Unlock()

	// Renamed into place, for Traefik would read a half-written file.
	draft := filepath.Join(p.Dir(), "draft")
	if err := os.WriteFile(draft, []byte(text), 0o600); err != nil {
		return err
	}

	if err := os.Rename(draft, file); err != nil {
		return err
	}

	return p.Reload(ctx)
}

// reload makes Traefik build everything again, from the same options.
func (p *proxy) reload(t *testing.T) {
	t.Helper()

	p.reloading.Lock()
	defer p.reloading.Unlock()

	if err := p.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// logOf are the lines of Traefik's log at a level, such as ERR, that hold a
// text.
func (p *proxy) logOf(level, text string) []string {
	var lines []string

	for line := range strings.Lines(p.Log()) {
		if strings.Contains(line, " "+level+" ") && strings.Contains(line, text) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}

	return lines
}

// hostOf is a host name that no other test has.
func hostOf(t *testing.T) string {
	name := strings.ToLower(t.Name())
	name = strings.NewReplacer("/", "-", "_", "-", "#", "-").Replace(name)

	return strings.TrimPrefix(name, "test") + ".test"
}

// standIn is an upstream that answers as Open WebUI does.
func standIn(t *testing.T) *httptest.Server {
	t.Helper()

	handler, err := webui.StandIn()
	if err != nil {
		t.Fatal(err)
	}

	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)

	return server
}

// within is the test's context with an end.
func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)

	return ctx
}

// eventually asks again until there is no objection, for what nobody tells.
func eventually(t *testing.T, limit time.Duration, ask func() error) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()

	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()

	for {
		err := ask()
		if err == nil {
			return
		}

		select {
		case <-ticker.C:
		case <-ctx.Done():
			t.Fatalf("after %v: %v", limit, err)
		}
	}
}
