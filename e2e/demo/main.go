// Command demo shows the plugin at work: Traefik, with the plugin in local
// mode, stands in front of a stand-in for Open WebUI; people come by several
// doors, Tim by the sign-up page; what the receiver got is printed.
//
// With WEBHOOK_URL in the environment the notices go there instead of to a
// receiver of the demo's own.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/plugincopy"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

const (
	logFile  = ".tools/demo.log"
	patience = 30 * time.Second
)

func main() {
	// Whoever reads only the first lines ends the writing, not the clearing up.
	signal.Ignore(syscall.SIGPIPE)

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := demo(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// proxy is what stands in front of Open WebUI: Traefik, or the embedded
// interpreter where there is none.
type proxy struct {
	url  string
	log  func() string
	stop func()
}

func demo(ctx context.Context) error {
	handler, err := house()
	if err != nil {
		return err
	}
	upstream := httptest.NewServer(handler)
	defer upstream.Close()
	stateDir, err := os.MkdirTemp("", "signupwebhook-demo-state-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(stateDir) }()

	target := os.Getenv("WEBHOOK_URL")
	var inbox *receiver.Receiver
	if target == "" {
		inbox, err = receiver.Start()
		if err != nil {
			return err
		}
		defer inbox.Stop()
		target = inbox.URL()
	}

	front, err := start(ctx, upstream, target, stateDir)
	if err != nil {
		return err
	}
	defer front.stop()
	defer keepLog(front)

	for _, one := range arrivals {
		fmt.Printf("%s: %s %s …\n", one.who, http.MethodPost, one.path)
		status, err := arrive(ctx, front.url, one)
		if err != nil {
			return err
		}
		fmt.Printf("… and the answer is: %s\n", status)
		if !strings.HasPrefix(status, "20") {
			return fmt.Errorf("that failed, for the plugin was not taken:\n%s", errorsIn(front.log()))
		}
	}
	if inbox != nil {
		return show(ctx, inbox)
	}
	return await(ctx, front)
}

func start(ctx context.Context, upstream *httptest.Server, target, stateDir string) (*proxy, error) {
	front, err := startTraefik(ctx, upstream.URL, target, stateDir)
	if errors.Is(err, tools.ErrMissing) {
		fmt.Printf("There is no Traefik: %v\nThe same plugin runs in an embedded Yaegi instead, loaded by the steps that Traefik takes.\n", err)
		return startEmbedded(ctx, upstream.URL, target, stateDir)
	}
	return front, err
}

const dynamic = `
http:
  routers:
    open-webui:
      rule: PathPrefix(` + "`/`" + `)
      entryPoints: [web]
      service: open-webui
      middlewares: [notify]
  middlewares:
    notify:
      plugin:
        signupwebhook: %s
  services:
    open-webui:
      loadBalancer:
        servers:
          - url: %s
`

// options are the middleware's. Nobody is learned, for the demo's people are
// all new.
func options(stateDir string) map[string]any {
	return map[string]any{
		"events":   []string{"signup", "user-added", "scim", "first-seen"},
		"stateDir": stateDir,
		"learnFor": "0s",
	}
}

func startTraefik(ctx context.Context, upstream, target, stateDir string) (*proxy, error) {
	inJSON, err := json.Marshal(options(stateDir)) // which is YAML too
	if err != nil {
		return nil, err
	}
	server, err := traefik.Start(ctx, traefik.Options{
		Dynamic: fmt.Sprintf(dynamic, inJSON, upstream),
		// In the environment and not in the options, which Traefik logs.
		Env: []string{"WEBHOOK_URL=" + target},
	})
	if err != nil {
		return nil, err
	}
	fmt.Println("Traefik runs with the plugin in local mode.")
	return &proxy{url: server.URL(), log: server.Log, stop: server.Stop}, nil
}

// output collects what the interpreted plugin prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func startEmbedded(ctx context.Context, upstream, target, stateDir string) (*proxy, error) {
	gopath, err := os.MkdirTemp("", "signupwebhook-demo-")
	if err != nil {
		return nil, err
	}
	front, err := embed(ctx, gopath, upstream, target, stateDir)
	if err != nil {
		_ = os.RemoveAll(gopath)
	}
	return front, err
}

func embed(ctx context.Context, gopath, upstream, target, stateDir string) (*proxy, error) {
	module, err := plugincopy.Repository(gopath)
	if err != nil {
		return nil, err
	}
	if err := os.Setenv("WEBHOOK_URL", target); err != nil {
		return nil, err
	}
	printed := &output{}
	plugin, err := interp.Load(gopath, module, printed, printed)
	if err != nil {
		return nil, err
	}
	next, err := reverseProxy(upstream)
	if err != nil {
		return nil, err
	}
	handler, err := plugin.New(ctx, next, options(stateDir), "notify@demo")
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(handler)
	stop := func() {
		server.Close()
		_ = os.RemoveAll(gopath)
	}
	return &proxy{url: server.URL, log: printed.String, stop: stop}, nil
}

// show prints what the demo's own receiver got: the first notice whole.
func show(ctx context.Context, inbox *receiver.Receiver) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	requests, err := inbox.Await(ctx, notices())
	if err != nil {
		return fmt.Errorf("not all arrived; the log is in %s: %w", logFile, err)
	}
	first := requests[0]
	fmt.Printf("\nThe receiver got:\n\n  %s %s\n", first.Method, first.Target)
	for _, name := range []string{"Content-Type", "User-Agent", "Webhook-Id", "Webhook-Timestamp"} {
		fmt.Printf("  %s: %s\n", name, first.Header.Get(name))
	}
	fmt.Println()
	for _, request := range requests {
		fmt.Printf("  %s\n", request.Body)
	}
	fmt.Println()
	where()
	return nil
}

// await waits for the plugin's word on the reader's own receiver.
func await(ctx context.Context, front *proxy) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for ctx.Err() == nil {
		delivered := 0
		for _, line := range strings.Split(front.log(), "\n") {
			if strings.Contains(line, "was delivered to") {
				delivered++
			}
			if delivered == notices() {
				fmt.Println("\nYour receiver took the notices; it should show: Neuer Benutzer registriert: Tim, and the others")
				where()
				return nil
			}
			if strings.Contains(line, "was not delivered to") {
				return fmt.Errorf("your receiver did not take the notice:\n%s", line)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return errors.New("interrupted")
	}
	return fmt.Errorf("no word from your receiver within %s; the log is in %s", patience, logFile)
}

// errorsIn is what the plugin says in a log at the level ERROR.
func errorsIn(log string) string {
	lines := []string{}
	for _, line := range strings.Split(log, "\n") {
		if strings.Contains(line, " ERR ") && strings.Contains(line, "signupwebhook:") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func where() {
	fmt.Printf("The log of this run is in %s; what the plugin says there begins with \"signupwebhook:\".\n", logFile)
}

func keepLog(front *proxy) {
	root, err := tools.Root()
	if err != nil {
		return
	}
	_ = os.MkdirAll(root+"/.tools", 0o755)
	_ = os.WriteFile(root+"/"+logFile, []byte(front.log()), 0o600)
}
