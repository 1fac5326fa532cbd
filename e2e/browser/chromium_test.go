package browser

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// chromium is one running browser, in which each person has a profile.
type chromium struct {
	ctx  context.Context
	stop []func()
}

// flags keep it to loopback: no updates, no names but those of the tests.
var flags = []chromedp.ExecAllocatorOption{
	chromedp.Headless,
	chromedp.NoSandbox, // root, as in a container, may not have one
	chromedp.DisableGPU,
	chromedp.NoFirstRun,
	chromedp.NoDefaultBrowserCheck,
	chromedp.WindowSize(1100, 720),
	chromedp.Flag("disable-quic", true),
	chromedp.Flag("disable-background-networking", true),
	chromedp.Flag("disable-component-update", true),
	chromedp.Flag("disable-sync", true),
	chromedp.Flag("disable-dev-shm-usage", true),
	chromedp.Flag("disable-breakpad", true),
	chromedp.Flag("disable-extensions", true),
	chromedp.Flag("disable-background-timer-throttling", true),
	chromedp.Flag("disable-renderer-backgrounding", true),
	chromedp.Flag("hide-scrollbars", true),
	chromedp.Flag("mute-audio", true),
	chromedp.Flag("no-proxy-server", true),
	chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"),
	chromedp.Flag("lang", "en-US"),
	chromedp.Flag("accept-lang", "en-US"),
	chromedp.Flag("password-store", "basic"),
}

func startChromium(ctx context.Context, path string) (*chromium, error) {
	dir, err := os.MkdirTemp("", "chromium-")
	if err != nil {
		return nil, err
	}

	options := append(flags[:len(flags):len(flags)], chromedp.ExecPath(path), chromedp.UserDataDir(dir))

	ctx, stopProcess := chromedp.NewExecAllocator(ctx, options...)
	// A newer browser says things that the library does not know yet.
	quiet := log.New(io.Discard, "", 0).Printf
	ctx, stopBrowser := chromedp.NewContext(ctx, chromedp.WithErrorf(quiet))

	c := &chromium{ctx: ctx, stop: []func(){stopBrowser, stopProcess, func() { _ = os.RemoveAll(dir) }}}

	if err := chromedp.Do(ctx); err != nil {
		c.close()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}

	return c, nil
}

func (c *chromium) close() {
	for _, f := range c.stop {
		f()
	}
}

// person is somebody with a browser profile of their own, in one tab.
type person struct {
	t   *testing.T
	ctx context.Context

	mu      sync.Mutex
	traffic map[network.RequestID]*exchange
	frames  []string // of WebSockets: > for sent, < for received
	sockets []string // what the server answered to their handshakes
	news    chan struct{}
}

// exchange is a request of the page's and its answer.
type exchange struct {
	id     network.RequestID
	method string
	url    string
	status int
	header http.Header // as it came over the wire
	body   string      // decoded

	done   bool
	failed string
}

// person opens a tab in a new profile, closed at the test's end.
func (w *world) person(t *testing.T) *person {
	t.Helper()

	ctx, cancel := chromedp.NewContext(w.chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)

	p := &person{t: t, ctx: ctx, traffic: map[network.RequestID]*exchange{}, news: make(chan struct{})}

	// Not by do, for the tab lives as long as the context that opens it.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}

	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}

	p.do(call(network.Enable, network.EnableParams{}))

	t.Cleanup(func() {
		if t.Failed() {
			w.failed++
			p.keep(fmt.Sprintf("failed %s %d", t.Name(), w.failed))
		}
	})

	return p
}

// call is a command of the browser's protocol as a step.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, command, params)
		return err
	})
}

// hear is called for each event in their order, and may not wait.
func (p *person) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()

	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.traffic[e.RequestID] = &exchange{method: e.Request.Method, url: e.Request.URL}
	case *network.EventResponseReceived:
		if x := p.traffic[e.RequestID]; x != nil {
			x.status = int(e.Response.Status)
		}
	case *network.EventResponseReceivedExtraInfo:
		if x := p.traffic[e.RequestID]; x != nil {
			x.header = parseHeader(e.HeadersText)
		}
	case *network.EventLoadingFinished:
		if x := p.traffic[e.RequestID]; x != nil {
			x.done = true
		}
	case *network.EventLoadingFailed:
		if x := p.traffic[e.RequestID]; x != nil {
			x.failed = e.ErrorText
		}
	case *network.EventWebSocketHandshakeResponseReceived:
		p.sockets = append(p.sockets, fmt.Sprint(e.Response.Status))
	case *network.EventWebSocketFrameSent:
		p.frames = append(p.frames, "> "+string(e.Response.PayloadData))
	case *network.EventWebSocketFrameReceived:
		p.frames = append(p.frames, "< "+string(e.Response.PayloadData))
	default:
		return
	}

	close(p.news)
	p.news = make(chan struct{})
}

// parseHeader reads the header as it came over the wire.
func parseHeader(text string) http.Header {
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(strings.TrimRight(text, "\r\n")+"\r\n\r\n")), nil)
	if err != nil {
		return http.Header{"Unreadable": {err.Error()}}
	}

	_ = res.Body.Close()

	return res.Header
}

// await waits until something that was heard is as it should be. What ready
// calls is called with the lock held.
func (p *person) await(what string, ready func() bool) {
	p.t.Helper()

	for ctx := wait.AtMost(p.t, patience); ; {
		p.mu.Lock()
		ok, news := ready(), p.news
		p.mu.Unlock()

		if ok {
			return
		}

		select {
		case <-news:
		case <-ctx.Done():
			p.t.Fatalf("the page has not %s within %v; it shows %q", what, patience, p.text())
		}
	}
}

// do takes steps one after the other.
func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()

	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()

	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("in the browser: %v; the page shows %q", err, p.text())
	}
}

// text is what the page shows.
func (p *person) text() string {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()

	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText : ''"))
	if err != nil {
		return err.Error()
	}

	return text
}

// see waits until the page shows a text.
func (p *person) see(text string) {
	p.t.Helper()

	wait.Until(p.t, patience, func() error {
		if shown := p.text(); !strings.Contains(shown, text) {
			return fmt.Errorf("the page shows %q, want: %q", shown, text)
		}

		return nil
	})
}

func button(label string) string {
	return fmt.Sprintf(`//button[normalize-space()=%q]`, label)
}

// openSignUp goes to the sign-up page as people do, by its links.
func (p *person) openSignUp(site string) {
	p.t.Helper()

	const ready = `document.querySelector('button[aria-label="Get started"]') ? 'first' : document.querySelector('#email') ? 'later' : ''`

	p.do(chromedp.Navigate(site + "/"))

	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()

	var which string

	// The page moves on to /auth by itself, and then draws itself.
	wait.Until(p.t, patience, func() error {
		var err error

		which, err = chromedp.Run(ctx, chromedp.Evaluate[string](ready))
		if err == nil && which == "" {
			err = fmt.Errorf("no form on the page, which shows %q", p.text())
		}

		return err
	})

	link := button("Sign up")
	if which == "first" {
		link = `//button[@aria-label="Get started"]`
	}

	p.do(chromedp.Click(link, chromedp.NodeVisible), chromedp.WaitVisible(chromedp.CSS("#name")))
}

// fill writes into the form.
func (p *person) fill(name, email string) {
	p.t.Helper()

	for _, field := range []struct{ id, value string }{{"#name", name}, {"#email", email}, {"#password", webui.Password}} {
		// As a paste is, for not all that names hold is on a keyboard.
		p.do(chromedp.Focus(chromedp.CSS(field.id)), call(input.InsertText, input.InsertTextParams{Text: field.value}))
	}
}

// submit sends the form, and returns the sign-up that the page makes of it.
func (p *person) submit() exchange {
	p.t.Helper()

	x := p.during(http.MethodPost, webui.SignUpPath, func() { p.do(chromedp.Click(chromedp.CSS(`button[type="submit"]`))) })

	return p.withBody(x)
}

// signUp does all that a person does for an account.
func (p *person) signUp(site, name, email string) exchange {
	p.t.Helper()

	p.openSignUp(site)
	p.fill(name, email)

	return p.submit()
}

// during returns a request to a path that something causes, and its answer
// without the body.
func (p *person) during(method, path string, cause func()) exchange {
	p.t.Helper()

	before := map[network.RequestID]bool{}

	p.mu.Lock()
	for id := range p.traffic {
		before[id] = true
	}
	p.mu.Unlock()

	cause()

	var found exchange

	p.await("been answered "+path, func() bool {
		for id, x := range p.traffic {
			target, err := url.Parse(x.url)
			if err != nil || before[id] || x.method != method || target.Path != path {
				continue
			}

			if x.failed != "" || x.done && x.header != nil {
				found = *x
				found.id = id

				return true
			}
		}

		return false
	})

	if found.failed != "" {
		p.t.Fatalf("%s %s: %s", method, path, found.failed)
	}

	return found
}

// withBody asks the browser for the body, which it forgets with the page.
func (p *person) withBody(x exchange) exchange {
	p.t.Helper()

	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()

	got, err := chromedp.Call(ctx, network.GetResponseBody, network.GetResponseBodyParams{RequestID: x.id})
	if err != nil {
		p.t.Fatal(err)
	}

	x.body = string(got.Body)

	return x
}

// number is what a script in the page comes to.
func (p *person) number(script string) float64 {
	p.t.Helper()

	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()

	n, err := chromedp.Run(ctx, chromedp.Evaluate[float64](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}

	return n
}

// keep keeps a picture of the page in .tools/artefacts, and returns it.
func (p *person) keep(name string) []byte {
	p.t.Helper()

	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()

	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("no picture: %v", err)
		return nil
	}

	root, err := tools.Root()
	if err != nil {
		p.t.Fatal(err)
	}

	dir := filepath.Join(root, ".tools", "artefacts")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}

	name = strings.NewReplacer("/", "-", " ", "-").Replace(name) + ".png"

	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		p.t.Fatal(err)
	}

	p.t.Logf("picture: .tools/artefacts/%s", name)

	return picture
}
