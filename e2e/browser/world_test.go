package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	// patience is for what takes seconds; it ends what has gone wrong.
	patience = time.Minute

	hook = "/hook?key=a%2Fb"
)

// Hosts, which browsers take for loopback by their names alone.
const (
	watchedHost = "chat.localhost"  // with the plugin, as in the README
	plainHost   = "plain.localhost" // the same without it
)

// world is what the tests share: an Open WebUI, the two ways to it through one
// Traefik, a model for its chats, a receiver of notices, and a browser.
type world struct {
	chromium *chromium
	traefik  *traefik.Server
	app      *webui.Server
	model    *model
	receiver *receiver.Receiver

	sites   map[string]site
	closers []func()

	// first is how the first account was made, once it was.
	once  sync.Once
	first exchange
	ready bool

	// last counts those who sign up to show that nothing comes behind them.
	last int

	// failed counts the pictures of what failed.
	failed int
}

// site is a host at Traefik, and what answers there.
type site struct {
	upstream string

	// middlewares are the plugin's, in the order of the router.
	middlewares []options
}

// options are a middleware's, under the names that configurations use.
type options map[string]any

var (
	worldOnce sync.Once
	theWorld  *world
	errWorld  error
)

func TestMain(m *testing.M) {
	code := m.Run()

	if theWorld != nil {
		theWorld.close()
	}

	os.Exit(code)
}

// shared is the world with an admin, who has signed up in the browser, and with
// sign-up on.
func shared(t *testing.T) *world {
	t.Helper()

	if testing.Short() {
		t.Skip("-short leaves the browser and the real Open WebUI out")
	}

	worldOnce.Do(func() { theWorld, errWorld = build(context.Background()) })

	tools.Check(t, errWorld)

	w := theWorld
	w.dumpOnFailure(t)

	w.once.Do(func() { w.makeAdmin(t) })

	if !w.ready {
		t.Fatal("the first account was not made, as the first test says")
	}

	return w
}

// build starts all of it, which takes about as long as Open WebUI does.
func build(ctx context.Context) (w *world, err error) {
	path, err := tools.Chromium(ctx)
	if err != nil {
		return nil, err
	}

	w = &world{sites: map[string]site{}}

	defer func() {
		if err != nil {
			w.close()

			w = nil
		}
	}()

	w.model = newModel()
	w.closers = append(w.closers, w.model.close)

	if w.receiver, err = receiver.Start(); err != nil {
		return nil, err
	}

	w.closers = append(w.closers, w.receiver.Stop)

	// Traefik and the browser are there long before Open WebUI.
	if w.traefik, err = traefik.Start(ctx, traefik.Options{}); err != nil {
		return nil, err
	}

	w.closers = append(w.closers, w.traefik.Stop)

	if w.chromium, err = startChromium(ctx, path); err != nil {
		return nil, err
	}

	w.closers = append(w.closers, w.chromium.close)

	if w.app, err = webui.Start(ctx, webui.Options{Env: appEnv(w.model.url())}); err != nil {
		return nil, err
	}

	w.closers = append(w.closers, w.app.Stop)

	return w, w.publish(ctx, map[string]site{
		watchedHost: {upstream: w.app.URL(), middlewares: []options{{"webhookURL": w.receiver.URL() + hook}}},
		plainHost:   {upstream: w.app.URL()},
	})
}

// appEnv lets everybody chat with the stand-in model, which is asked for nothing
// but what people write, and lets Open WebUI's own webhook post to loopback.
func appEnv(modelURL string) []string {
	return []string{
		"ENABLE_OPENAI_API=True",
		"OPENAI_API_BASE_URLS=" + modelURL,
		"OPENAI_API_KEYS=none",
		"DEFAULT_MODELS=" + modelName,
		"BYPASS_MODEL_ACCESS_CONTROL=True",
		"ENABLE_TITLE_GENERATION=False",
		"ENABLE_TAGS_GENERATION=False",
		"ENABLE_FOLLOW_UP_GENERATION=False",
		"ENABLE_RAG_LOCAL_WEB_FETCH=True",
	}
}

// makeAdmin has the first account made in the browser, and switches sign-up on
// again, which that account switches off.
func (w *world) makeAdmin(t *testing.T) {
	t.Helper()

	w.first = w.person(t).signUp(w.url(watchedHost), "Ada Admin", "ada@example.org")
	w.app.UseAdmin(accountIn(t, w.first).Token)

	if _, err := w.receiver.Await(wait.AtMost(t, patience), 1); err != nil {
		t.Fatal(err)
	}

	w.configure(t, map[string]any{"ENABLE_SIGNUP": true})

	w.ready = true
}

// accountIn is the account that a sign-up was answered with.
func accountIn(t *testing.T, x exchange) webui.Account {
	t.Helper()

	var account webui.Account
	if err := json.Unmarshal([]byte(x.body), &account); err != nil || x.status != http.StatusOK || account.Token == "" {
		t.Fatalf("got: %d %s (%v), want: an account", x.status, masked(x.body), err)
	}

	return account
}

// configure changes the admin's settings, also when a test is at its end.
func (w *world) configure(t *testing.T, changes map[string]any) {
	t.Helper()

	if err := w.app.Configure(ctxAtEnd(t), changes); err != nil {
		t.Fatal(err)
	}
}

func (w *world) close() {
	for _, f := range slices.Backward(w.closers) {
		f()
	}
}

// url is the base URL of a host at Traefik.
func (w *world) url(host string) string {
	_, port, _ := strings.Cut(w.traefik.Addr(), ":")

	return "http://" + host + ":" + port
}

// publish makes Traefik serve these sites too.
func (w *world) publish(ctx context.Context, sites map[string]site) error {
	maps.Copy(w.sites, sites)

	var d traefik.Dynamic

	for host, s := range w.sites {
		names := []string{}

		for i, o := range s.middlewares {
			names = append(names, fmt.Sprintf("%s-%d", host, i+1))
			d.Plugin(names[i], o)
		}

		d.Router(host, traefik.Host(host), host, names...)
		d.Service(host, s.upstream)
	}

	return w.traefik.WriteDynamic(ctx, d.YAML())
}

// notices are those that came since the mark and before the notice of somebody
// who signs up last of all: notices come in the order of the sign-ups. With
// nobody else in it, nothing was announced.
func (w *world) notices(t *testing.T, since int) []receiver.Request {
	t.Helper()

	w.last++
	name := fmt.Sprint("Last ", w.last)

	got := w.request(t, watchedHost, webui.SignUpPath, webui.SignUpBody(name, fmt.Sprintf("last%d@example.org", w.last)))
	if got.status != http.StatusOK {
		t.Fatalf("got: %d %s, want: the account %s", got.status, got.body, name)
	}

	taken, err := w.receiver.AwaitBody(wait.AtMost(t, patience), receiver.Greeting+name)
	if err != nil {
		t.Fatal(err)
	}

	return taken[since : len(taken)-1]
}

// wantNotices compares the receiver's log, to the letter, with the notices of
// these names.
func (w *world) wantNotices(t *testing.T, since int, names ...string) {
	t.Helper()

	var want []string
	for _, name := range names {
		want = append(want, "POST "+hook+" text/plain; charset=utf-8: "+receiver.Greeting+name)
	}

	var got []string
	for _, r := range w.notices(t, since) {
		got = append(got, fmt.Sprintf("%s %s %s: %s", r.Method, r.Target, r.Header.Get("Content-Type"), r.Body))
	}

	if !slices.Equal(got, want) {
		t.Errorf("got: %q, want: %q, the receiver's whole log", got, want)
	}
}

// mark is how many notices there are before a test. All have come by then, for
// whoever makes accounts ends with notices or wantNotices.
func (w *world) mark(t *testing.T) int {
	t.Helper()

	return len(w.receiver.Taken())
}

// dumpOnFailure shows what Traefik and Open WebUI have logged since now.
func (w *world) dumpOnFailure(t *testing.T) {
	t.Helper()

	w.traefik.ShowLogOnFailure(t)

	begin := len(w.app.Log())

	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("Open WebUI's log:\n%s", withoutGets(w.app.Log()[begin:]))
		}
	})
}

// withoutGets leaves out the many files that pages ask for.
func withoutGets(log string) string {
	var out strings.Builder

	for line := range strings.Lines(log) {
		if !strings.Contains(line, `"GET `) {
			out.WriteString(line)
		}
	}

	return out.String()
}

// ctxAtEnd is for what is undone at a test's end, when its context has ended.
func ctxAtEnd(t *testing.T) context.Context { return context.WithoutCancel(t.Context()) }

func readAll(t *testing.T, r io.Reader) []byte {
	t.Helper()

	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}

	return text
}
