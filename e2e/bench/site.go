package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// kind is a request that cases have in common.
type kind struct {
	name, method, path, accept string

	body func(name string) []byte // of somebody's; nil for none
	want func(body []byte) bool   // what it is to be answered with; nil for anything
}

var (
	page    = kind{name: "a page", method: http.MethodGet, path: "/", accept: "text/html"}
	session = kind{name: "a session check of a known account", method: http.MethodGet, path: "/api/v1/auths/", accept: "application/json"}
	signUp  = kind{name: "a sign-up", method: http.MethodPost, path: "/api/v1/auths/signup", accept: "application/json", body: signUpBody}
)

func signUpBody(name string) []byte {
	return webui.SignUpBody(name, strings.ToLower(strings.ReplaceAll(name, " ", ""))+"@example.org")
}

// guest is the header that says for whom a request is made: not every one has a
// body.
const guest = "Guest"

func (k kind) header(name string) http.Header {
	header := http.Header{"Accept-Encoding": {"gzip, br"}, "Accept": {k.accept}, guest: {name}}
	if k.body != nil {
		header.Set("Content-Type", "application/json")
	}

	return header
}

// request is one that comes from no network.
func (k kind) request(name string) *http.Request {
	var body io.Reader = http.NoBody
	if k.body != nil {
		body = bytes.NewReader(k.body(name))
	}

	req := httptest.NewRequest(k.method, k.path, body)
	req.Header = k.header(name)

	return req
}

// check compares an answer with what it is to be.
func (k kind) check(status int, body []byte) error {
	if status != http.StatusOK || k.want != nil && !k.want(body) {
		return fmt.Errorf("%w: %s was answered with %d: %.100q", errRefused, k.name, status, body)
	}

	return nil
}

// answered is this kind with the backend's own answer as what is wanted, in which
// a middleware may replace something.
func (k kind) answered(backend http.Handler, replace ...string) kind {
	answer := httptest.NewRecorder()
	backend.ServeHTTP(answer, k.request(newGuest()))

	want := []byte(strings.NewReplacer(replace...).Replace(answer.Body.String()))
	shape := shapeOf(want)

	k.want = func(got []byte) bool {
		return bytes.Equal(got, want) || bytes.Equal(shapeOf(got), shape)
	}

	return k
}

// shapeOf is an answer without what differs from account to account: their ids,
// and their numbers.
func shapeOf(answer []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789abcdef-", r) {
			return -1
		}

		return r
	}, answer)
}

var guests atomic.Int64

// newGuest is somebody else each time.
func newGuest() string { return fmt.Sprint("Guest ", guests.Add(1)) }

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

// tim is who is signed in.
var tim = &webui.Account{ID: "7b8f0b4e-8a5c-4d39-9c39-6f5d2f8c1a77", Name: "Tim", Email: "tim@example.org"}

// newBackend is the stand-in for Open WebUI, where one account is signed in.
func newBackend() (http.Handler, error) {
	standIn, err := webui.StandIn()
	if err != nil {
		return nil, err
	}

	sessions, err := webui.Sessions(func(*http.Request) *webui.Account { return tim }, 0)
	if err != nil {
		return nil, err
	}

	mux := http.NewServeMux()
	mux.Handle("/", standIn)
	mux.Handle("GET "+session.path, sessions)

	return mux, nil
}

// open starts the backend.
func open() (*httptest.Server, error) {
	backend, err := newBackend()
	if err != nil {
		return nil, err
	}

	return httptest.NewServer(backend), nil
}

// inbox is a receiver that knows of whom it is to be told, and hangs while it is
// held.
type inbox struct {
	*httptest.Server // nil while nobody listens

	gate     sync.RWMutex
	patience time.Duration // how long notices may take that were accepted

	mu      sync.Mutex
	missing map[string]bool // by their names
	told    map[string]bool
	strange string // a notice of nobody who is expected
}

// newInbox is one where nobody listens yet.
func newInbox() *inbox {
	return &inbox{patience: time.Minute, missing: map[string]bool{}, told: map[string]bool{}}
}

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

		text, err := io.ReadAll(req.Body)
		if err == nil {
			i.take(string(text))
		}
	})
}

func (i *inbox) take(text string) {
	i.mu.Lock()
	defer i.mu.Unlock()

	name, ok := strings.CutPrefix(text, receiver.Greeting)

	switch {
	case ok && i.missing[name]:
		delete(i.missing, name)

		i.told[name] = true
	case ok && i.told[name]: // a double, which a receiver has to expect
	default:
		i.strange = text
	}
}

// expect says that somebody is about to sign up.
func (i *inbox) expect(name string) {
	i.mu.Lock()
	defer i.mu.Unlock()

	i.missing[name] = true
}

// expected is how many ever were.
func (i *inbox) expected() int {
	i.mu.Lock()
	defer i.mu.Unlock()

	return len(i.missing) + len(i.told)
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

// await waits until all notices came that were ever expected, and looks whether
// there were others.
func (i *inbox) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, i.patience)
	defer cancel()

	for {
		i.mu.Lock()
		missing, told, strange := len(i.missing), len(i.told), i.strange
		i.mu.Unlock()

		if strange != "" {
			return fmt.Errorf("%w: nobody expected the notice %.100q", errRefused, strange)
		}

		if missing == 0 {
			return nil
		}

		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: of %d notices %d came", errRefused, missing+told, told)
		case <-time.After(time.Millisecond):
		}
	}
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
