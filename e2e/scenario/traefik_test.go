package scenario

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// patience is for what takes milliseconds or, where a notice is tried again,
// some seconds; it ends what has gone wrong.
const patience = 30 * time.Second

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

	sharedOnce.Do(func() {
		server, err := traefik.Start(context.Background(), traefik.Options{Static: traefik.Debug})
		sharedServer, errShared = &proxy{Server: server}, err

		if err != nil {
			sharedServer = nil
		}
	})

	tools.Check(t, errShared)
	sharedServer.ShowLogOnFailure(t)

	return sharedServer
}

// own is a Traefik for one scenario.
func own(t *testing.T, options traefik.Options) *proxy {
	t.Helper()

	return &proxy{Server: traefik.Run(t, options)}
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

	var d traefik.Dynamic

	for _, s := range sites {
		names := []string{}

		for i, o := range s.middlewares {
			names = append(names, fmt.Sprintf("%s-%d", s.host, i+1))
			d.Plugin(names[i], o)
		}

		d.Router(s.host, traefik.Host(s.host), s.host, names...)
		service := d.Service(s.host, s.upstream)

		if s.transport != nil {
			d.Transport(s.host, s.transport)
			service["serversTransport"] = s.host
		}
	}

	p.publishText(t, "yml", d.YAML())
}

// publishText does the same with a configuration as an administrator writes
// it, in YAML (yml) or TOML (toml). Called again, it replaces the one before.
func (p *proxy) publishText(t *testing.T, extension, text string) {
	t.Helper()

	p.reloading.Lock()
	defer p.reloading.Unlock()

	name := hostOf(t) + "." + extension
	if err := p.AddDynamic(t.Context(), name, text); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		p.reloading.Lock()
		defer p.reloading.Unlock()

		_ = p.RemoveDynamic(name)
	})
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

// hostOf is a host name that no other test has.
func hostOf(t *testing.T) string {
	name := strings.ToLower(t.Name())
	name = strings.NewReplacer("/", "-", "_", "-", "#", "-").Replace(name)

	return strings.TrimPrefix(name, "test") + ".test"
}
