package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// kind is a request that cases have in common.
type kind struct {
	name, method, path, contentType string
	body                            func() []byte
}

func nothing() []byte { return nil }

var (
	page    = kind{name: "a page", method: http.MethodGet, path: "/", body: nothing}
	session = kind{name: "a session check of a known account", method: http.MethodGet, path: "/api/v1/auths/", body: nothing}
	signUp  = kind{name: "a sign-up", method: http.MethodPost, path: "/api/v1/auths/signup", contentType: "application/json", body: freshSignUp}
)

var accounts atomic.Int64

// freshSignUp is somebody else each time.
func freshSignUp() []byte {
	n := accounts.Add(1)
	return webui.SignUpBody(fmt.Sprint("Guest ", n), fmt.Sprintf("guest%d@example.org", n))
}

// options are a middleware's, under the names that configurations use.
type options map[string]any

// router is one router of the measured Traefik.
type router struct {
	host      string
	plugin    string // its alias; "" for none
	options   options
	dedicated bool // the middleware is on a second router, for sign-ups alone
}

func (r router) name() string { return strings.TrimSuffix(r.host, ".test") }

// dynamic is the configuration with these routers, all to one backend.
func dynamic(backend string, routers []router) (string, error) {
	const service = "chat"

	all, middlewares := map[string]any{}, map[string]any{}

	for _, r := range routers {
		main := map[string]any{"rule": "Host(`" + r.host + "`)", "service": service}
		all[r.name()] = main

		if r.plugin == "" {
			continue
		}

		middlewares[r.name()] = map[string]any{"plugin": map[string]any{r.plugin: r.options}}

		if !r.dedicated {
			main["middlewares"] = []string{r.name()}
			continue
		}

		all[r.name()+"-signup"] = map[string]any{
			"rule":        "(Host(`" + r.host + "`)) && Method(`POST`) && PathRegexp(`signup|^/?$`)",
			"priority":    1000,
			"service":     service,
			"middlewares": []string{r.name()},
		}
	}

	http := map[string]any{
		"routers":  all,
		"services": map[string]any{service: map[string]any{"loadBalancer": map[string]any{"servers": []any{map[string]any{"url": backend}}}}},
	}

	if len(middlewares) > 0 {
		http["middlewares"] = middlewares
	}

	text, err := yaml.Marshal(map[string]any{"http": http})

	return string(text), err
}

// start starts a Traefik with these routers.
func start(ctx context.Context, plugins map[string]string, backend string, routers []router) (*traefik.Server, error) {
	text, err := dynamic(backend, routers)
	if err != nil {
		return nil, err
	}

	return traefik.Start(ctx, traefik.Options{
		Plugins: plugins,
		Static:  "log: {level: ERROR}\napi: {debug: true}\n",
		Dynamic: text,
	})
}

// startOurs starts one with this repository's plugin alone.
func startOurs(ctx context.Context, backend string, routers []router) (*traefik.Server, error) {
	root, err := tools.Root()
	if err != nil {
		return nil, err
	}

	return start(ctx, map[string]string{traefik.Alias: root}, backend, routers)
}

// open starts the backend: the stand-in for Open WebUI, where one account is
// signed in.
func open() (*httptest.Server, error) {
	standIn, err := webui.StandIn()
	if err != nil {
		return nil, err
	}

	known := &webui.Account{ID: "7b8f0b4e-8a5c-4d39-9c39-6f5d2f8c1a77", Name: "Tim", Email: "tim@example.org"}

	sessions, err := webui.Sessions(func(*http.Request) *webui.Account { return known }, 0)
	if err != nil {
		return nil, err
	}

	mux := http.NewServeMux()
	mux.Handle("/", standIn)
	mux.Handle("GET "+session.path, sessions)

	return httptest.NewServer(mux), nil
}

// inbox is a receiver that counts whom it was told of, and hangs while it is held.
type inbox struct {
	*httptest.Server // nil while nobody listens

	due      atomic.Int64
	gate     sync.RWMutex
	patience time.Duration // how long notices may take that were accepted

	mu   sync.Mutex
	told map[string]bool // by the webhook-id: a double stands for nobody else
}

// newInbox is one where nobody listens yet.
func newInbox() *inbox { return &inbox{patience: time.Minute, told: map[string]bool{}} }

func openInbox() *inbox {
	i := newInbox()
	i.Server = httptest.NewServer(i.handler())

	return i
}

// listenAt has somebody listen at an address from now on.
func (i *inbox) listenAt(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}

	server := httptest.NewUnstartedServer(i.handler())
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()

	i.Server = server

	return nil
}

func (i *inbox) handler() http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		i.gate.RLock()
		defer i.gate.RUnlock()

		i.mu.Lock()
		defer i.mu.Unlock()

		i.told[req.Header.Get("Webhook-Id")] = true
	})
}

func (i *inbox) came() int64 {
	i.mu.Lock()
	defer i.mu.Unlock()

	return int64(len(i.told))
}

// freeAddress is where nobody listens.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}

	return listener.Addr().String(), listener.Close()
}

// hold has the inbox hang, and release has it answer again.
func (i *inbox) hold() { i.gate.Lock() }

func (i *inbox) release() { i.gate.Unlock() }

// awaitMore waits until all came that were ever due, and so many more.
func (i *inbox) awaitMore(ctx context.Context, more uint64) error {
	want := i.due.Add(int64(more))

	ctx, cancel := context.WithTimeout(ctx, i.patience)
	defer cancel()

	for i.came() < want {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: of %d notices %d came", errRefused, want, i.came())
		case <-time.After(time.Millisecond):
		}
	}

	return nil
}

// module is the folder of another project's plugin, of which the Go module
// proxy has that version.
func module(ctx context.Context, version string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", version)

	out, err := cmd.Output()

	var found struct{ Dir, Error string }
	if json.Unmarshal(out, &found) != nil || found.Dir == "" {
		return "", fmt.Errorf("%s is not to be had: %s (%w)", version, found.Error, err)
	}

	return found.Dir, nil
}
