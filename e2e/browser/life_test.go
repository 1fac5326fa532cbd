package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	lifeHost      = "life.localhost"       // another Open WebUI, with the plugin
	plainLifeHost = "plain-life.localhost" // the same without it
)

// TestLifeOfAServer goes through what the shared Open WebUI cannot: its start,
// sign-ups with a second factor, and its sudden end.
func TestLifeOfAServer(t *testing.T) {
	w := shared(t)
	since := w.mark(t)
	dir := t.TempDir()

	app, err := webui.Start(t.Context(), webui.Options{
		Dir:      dir,
		Env:      []string{"ENABLE_MFA=True"},
		Launched: func(app *webui.Server) { w.whileItStarts(t, app) },
	})
	tools.Check(t, err)

	t.Cleanup(func() {
		app.Stop()

		if t.Failed() {
			t.Logf("the second Open WebUI's log:\n%s", withoutGets(app.Log()))
		}
	})

	// Nothing of what was sent before.
	w.wantNotices(t, since)

	// One after the other, for each lives on what the one before has left.
	for _, stage := range []struct {
		desc string
		run  func(t *testing.T)
	}{
		{desc: "second factor", run: func(t *testing.T) { w.secondFactor(t, app) }},
		{desc: "killed", run: func(t *testing.T) { w.killed(t, app, filepath.Join(dir, "data", "webui.db")) }},
	} {
		if !t.Run(stage.desc, stage.run) {
			return
		}
	}
}

// whileItStarts signs up with a server that does not listen yet.
func (w *world) whileItStarts(t *testing.T, app *webui.Server) {
	t.Helper()

	err := w.publish(t.Context(), map[string]site{
		lifeHost:      {upstream: app.URL(), middlewares: []options{{"webhookURL": w.receiver.URL() + hook}}},
		plainLifeHost: {upstream: app.URL()},
	})
	if err != nil {
		t.Fatal(err)
	}

	body := webui.SignUpBody("Early", "early@example.org")

	got, want := w.request(t, lifeHost, webui.SignUpPath, body), w.request(t, plainLifeHost, webui.SignUpPath, body)

	if want.status != http.StatusBadGateway {
		t.Fatalf("got: %d %s, want: 502, while Open WebUI starts", want.status, want.body)
	}

	before, after := asText(want.status, want.header, string(want.body)), asText(got.status, got.header, string(got.body))
	if before != after {
		t.Errorf("got: %s through the plugin, want: %s, as without it", after, before)
	}

	p := w.person(t)
	p.do(chromedp.Navigate(w.url(lifeHost) + "/"))
	p.see("Bad Gateway")

	if status := p.post(webui.SignUpBody("Eager", "eager@example.org")); status != http.StatusBadGateway {
		t.Errorf("got: %v for the browser, want: 502", status)
	}
}

// post signs up from whatever page there is.
func (p *person) post(body []byte) int {
	p.t.Helper()

	return int(p.number(fmt.Sprintf(`fetch(%q, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: %q}).then(r => r.status)`, webui.SignUpPath, body)))
}

// secondFactor makes accounts that are answered without id and name.
func (w *world) secondFactor(t *testing.T, app *webui.Server) {
	since := w.mark(t)

	// The first becomes the admin, and has to set up an authenticator at once.
	mia := w.person(t)
	wantStep(t, mia.signUp(w.url(lifeHost), "Mia", "mia@example.org"), "enroll")
	mia.see("Set up your authenticator")
	mia.keep("second factor")
	app.UseAdmin(mia.enroll())

	if err := app.AllowSignUp(t.Context(), true); err != nil {
		t.Fatal(err)
	}

	// The next has to wait for the admin.
	otto := w.person(t)
	wantStep(t, otto.signUp(w.url(lifeHost), `Max "M" Müller`, "max@example.org"), "pending")
	otto.see("Your account is awaiting administrator approval.")

	// And one who does not have to wait.
	if err := app.Configure(t.Context(), map[string]any{"DEFAULT_USER_ROLE": "user"}); err != nil {
		t.Fatal(err)
	}

	moe := w.person(t)
	wantStep(t, moe.signUp(w.url(lifeHost), "Moe", "moe@example.org"), "enroll")

	w.wantNotices(t, since, "Mia", `Max "M" Müller`, "Moe")
}

func wantStep(t *testing.T, x exchange, want string) {
	t.Helper()

	got := map[string]any{}
	if err := json.Unmarshal([]byte(x.body), &got); err != nil || x.status != http.StatusOK {
		t.Fatalf("got: %d %s (%v), want: an account", x.status, x.body, err)
	}

	if got["next_step"] != want || got["name"] != nil || got["id"] != nil {
		t.Errorf("got: %s, want: the next step %s, and neither id nor name", x.body, want)
	}
}

// enroll does what the page asks for, with an authenticator of our own, and
// returns the session.
func (p *person) enroll() string {
	p.t.Helper()

	const key = `document.querySelector('details code')?.textContent.trim() ?? ''`

	var secret string

	wait.Until(p.t, patience, func() error {
		var err error

		secret, err = chromedp.Run(p.ctx, chromedp.Evaluate[string](key))
		if err == nil && secret == "" {
			err = fmt.Errorf("no key on the page, which shows %q", p.text())
		}

		return err
	})

	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		p.t.Fatal(err)
	}

	x := p.withBody(p.during(http.MethodPost, "/api/v1/auths/mfa/enroll/confirm", func() {
		p.do(
			chromedp.Focus(chromedp.CSS(`input[autocomplete="one-time-code"]`)),
			call(input.InsertText, input.InsertTextParams{Text: code}),
			chromedp.KeyEvent("\r"),
		)
	}))

	return accountIn(p.t, x).Token
}

// killed kills Open WebUI while many sign up, half of them without the plugin.
// Announced are exactly those who were told that they have an account.
func (w *world) killed(t *testing.T, app *webui.Server, database string) {
	const (
		people = 20 // a way; the server hashes six passwords at a time
		enough = 3  // who were told, and it is killed
	)

	since := w.mark(t)

	// With a second factor, sign-ups are few a minute.
	if err := app.Configure(t.Context(), map[string]any{"ENABLE_MFA": false}); err != nil {
		t.Fatal(err)
	}

	type result struct {
		host, name string
		got        answer
		err        error
	}

	var group sync.WaitGroup

	ctx := wait.AtMost(t, patience)
	results, answered := make(chan result, 2*people), make(chan struct{}, 2*people)

	for i := range people {
		for _, host := range []string{lifeHost, plainLifeHost} {
			group.Go(func() {
				name := fmt.Sprintf("Doomed %d at %s", i, host)
				header := http.Header{"Content-Type": {"application/json"}}
				got, err := ask(ctx, http.MethodPost, w.traefik.URL(), host, webui.SignUpPath, header, webui.SignUpBody(name, fmt.Sprintf("doomed%d@%s.example.org", i, host)))
				results <- result{host, name, got, err}

				if host == lifeHost && got.status == http.StatusOK {
					answered <- struct{}{}
				}
			})
		}
	}

	for range enough {
		select {
		case <-answered:
		case <-ctx.Done():
			t.Fatal("too few were answered")
		}
	}

	app.Kill()
	group.Wait()
	close(results)

	var told []string

	counts := map[string]int{}

	for r := range results {
		if r.err != nil {
			t.Errorf("%s: %v", r.name, r.err)
			continue
		}

		counts[fmt.Sprint(r.host, " ", r.got.status)]++

		switch {
		case r.got.status == http.StatusOK && r.host == lifeHost:
			told = append(told, receiver.Greeting+r.name)
		case r.got.status == http.StatusOK:
		case r.got.status != http.StatusBadGateway || string(r.got.body) != http.StatusText(http.StatusBadGateway):
			t.Errorf("%s: got: %d %s, want: an account or 502", r.name, r.got.status, r.got.body)
		}
	}

	if len(told) == 0 || counts[lifeHost+" 502"] == 0 {
		t.Errorf("got: %v, want: some with an account and some without, or this shows nothing", counts)
	}

	var announced []string
	for _, notice := range w.notices(t, since) {
		announced = append(announced, notice.Body)
	}

	slices.Sort(announced)
	slices.Sort(told)

	if !slices.Equal(announced, told) {
		t.Errorf("got: %q announced, want: those who were told that they have an account, %q", announced, told)
	}

	accounts := accountsIn(t, database)

	for _, body := range announced {
		if name := strings.TrimPrefix(body, receiver.Greeting); !slices.Contains(accounts, name) {
			t.Errorf("got: a notice of %s, want: none without an account", name)
		}
	}

	t.Logf("killed in the middle: %v, %d announced, %d accounts", counts, len(announced), len(accounts))
}

// accountsIn reads the database of a server that runs no more, with its own
// Python.
func accountsIn(t *testing.T, database string) []string {
	t.Helper()

	program, err := tools.OpenWebUI(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}

	const script = `import json, sqlite3, sys; print(json.dumps([r[0] for r in sqlite3.connect(sys.argv[1]).execute("select name from user")]))`

	out, err := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(program), "python"), "-c", script, database).Output()
	if err != nil {
		t.Fatal(err)
	}

	var names []string
	if err := json.Unmarshal(out, &names); err != nil {
		t.Fatal(err)
	}

	return names
}
