package doors

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/identity"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	scimToken = "not-a-real-scim-token"

	// trustedHost leads to the Open WebUI that believes in headers.
	trustedHost = "trusted.test"
	emailHeader = "X-Forwarded-Email"
	nameHeader  = "X-Forwarded-Name"

	// learningHost leads to the first Open WebUI, through a middleware that
	// has only just come.
	learningHost = "learning.test"

	// plainHost leads to the first Open WebUI without the plugin.
	plainHost = "plain.test"
)

// world is all that the tests of the doors share: two Open WebUIs that let
// people in by every door, a Traefik in front of both, and who is told.
type world struct {
	app, trusted *webui.Server
	first        *traefik.Server
	directory    *identity.Directory
	provider     *identity.Provider
	browser      string
	noBrowser    error // why there is none

	stateDir string
	learnFor string // of the middleware at learningHost

	every *receiver.Receiver // of a middleware with all events
	seen  *receiver.Receiver // of one with first-seen alone
	learn *receiver.Receiver // of the one at learningHost
	judge *receiver.Receiver // of Open WebUI's own webhooks

	mu   sync.Mutex
	want map[*receiver.Receiver][]string // what was to be told so far

	visitors []person // who came in a browser
}

// build starts everything. What the machine lacks leaves the test out, but
// without a browser only what is done in one.
func build(t *testing.T) *world {
	t.Helper()

	w := &world{
		stateDir: t.TempDir(), learnFor: "1h",
		every: receiver.Run(t), seen: receiver.Run(t), learn: receiver.Run(t), judge: receiver.Run(t),
		want: map[*receiver.Receiver][]string{},
	}

	var err error

	w.browser, w.noBrowser = tools.Chromium(t.Context())

	// Nothing leads anywhere yet, but the others have to know the address.
	w.first = traefik.Run(t, traefik.Options{})

	w.directory, err = identity.StartDirectory()
	tools.Check(t, err)
	t.Cleanup(w.directory.Stop)

	w.provider, err = identity.StartProvider(t.Context(), w.first.URL())
	tools.Check(t, err)
	t.Cleanup(w.provider.Stop)

	var (
		group sync.WaitGroup
		errs  [2]error
	)

	group.Go(func() {
		w.app, errs[0] = webui.Start(t.Context(), webui.Options{Dir: t.TempDir(), Env: slices.Concat(
			w.directory.Env(), w.provider.Env(),
			[]string{
				webui.LocalWebhooks, "ENABLE_SCIM=true", "SCIM_AUTH_PROVIDER=oidc", "SCIM_TOKEN=" + scimToken,
				"OAUTH_MERGE_ACCOUNTS_BY_EMAIL=true",
			},
		)})
	})
	group.Go(func() {
		w.trusted, errs[1] = webui.Start(t.Context(), webui.Options{Dir: t.TempDir(), Env: []string{
			webui.LocalWebhooks, "WEBUI_AUTH_TRUSTED_EMAIL_HEADER=" + emailHeader, "WEBUI_AUTH_TRUSTED_NAME_HEADER=" + nameHeader,
		}})
	})
	group.Wait()

	for _, app := range []*webui.Server{w.app, w.trusted} {
		if app != nil {
			t.Cleanup(func() {
				app.Stop()

				if t.Failed() {
					log := app.Log()
					t.Logf("the end of Open WebUI's log:\n%s", log[max(0, len(log)-4000):])
				}
			})
		}
	}

	for _, err := range errs {
		tools.Check(t, err)
	}

	if err := w.first.WriteDynamic(t.Context(), w.dynamic()); err != nil {
		t.Fatal(err)
	}

	return w
}

// saidBy are the plugin's lines in Traefik's log that hold all of the words.
func saidBy(s *traefik.Server, words ...string) []string {
	return s.Lines(append([]string{"signupwebhook: "}, words...)...)
}

// dynamic is the configuration of every Traefik here.
func (w *world) dynamic() string {
	var d traefik.Dynamic

	plugin := func(name string, r *receiver.Receiver, more map[string]any, events ...string) {
		options := map[string]any{"webhookURL": r.URL(), "message": message, "stateDir": w.stateDir, "events": events}
		maps.Copy(options, more)

		d.Plugin(name, options)
	}

	plugin("every", w.every, nil, "signup", "user-added", "scim", "first-seen")
	plugin("seen", w.seen, nil, "first-seen")
	plugin("learning", w.learn, map[string]any{"learnFor": w.learnFor}, "signup", "first-seen")

	d.Service("app", w.app.URL())
	d.Service("trusted", w.trusted.URL())

	d.Router("app", traefik.Everything, "app", "every", "seen")
	d.Router("trusted", traefik.Host(trustedHost), "trusted", "every", "seen")
	d.Router("plain", traefik.Host(plainHost), "app")
	d.Router("learning", traefik.Host(learningHost), "app", "learning")

	return d.YAML()
}

// at is a visitor of the first Open WebUI through a Traefik.
func at(s *traefik.Server) visitor { return visitor{base: s.URL()} }

// atTrusted is a visitor of the other one, for whom a proxy vouches.
func atTrusted(s *traefik.Server, name, email string) visitor {
	return visitor{base: s.URL(), host: trustedHost, header: map[string]string{emailHeader: email, nameHeader: name}}
}

// expect adds to what is to be told.
func (w *world) expect(r *receiver.Receiver, texts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()

	w.want[r] = append(w.want[r], texts...)
}

// settle signs somebody up through each Traefik, whose notices come last, and
// compares what was told with what was to be told.
func (w *world) settle(t *testing.T, servers ...*traefik.Server) {
	t.Helper()

	for _, s := range servers {
		w.mu.Lock()
		name := fmt.Sprintf("Last %d", len(w.want[w.every]))
		w.mu.Unlock()

		p := at(s).signUp(t, name, webui.EmailOf(name))
		w.expect(w.every, told("signup", p))
		w.expect(w.seen, told("first-seen", p))
	}

	w.compare(t, w.every)
	w.compare(t, w.seen)
}

// count is how many are to be told so far.
func (w *world) count(r *receiver.Receiver) int {
	w.mu.Lock()
	defer w.mu.Unlock()

	return len(w.want[r])
}

func (w *world) compare(t *testing.T, r *receiver.Receiver) {
	t.Helper()

	w.mu.Lock()
	want := slices.Clone(w.want[r])
	w.mu.Unlock()

	if err := compareTold(t, r, want); err != nil {
		t.Fatalf("%s: %v", w.nameOf(r), err)
	}
}

func (w *world) nameOf(r *receiver.Receiver) string {
	return map[*receiver.Receiver]string{w.every: "all events", w.seen: "first-seen alone", w.learn: "learning"}[r]
}

// wantTold waits for that many notices, and wants these and no others.
func wantTold(t testing.TB, r *receiver.Receiver, want ...string) {
	t.Helper()

	if err := compareTold(t, r, want); err != nil {
		t.Fatal(err)
	}
}

func compareTold(t testing.TB, r *receiver.Receiver, want []string) error {
	t.Helper()

	_, err := r.Await(wait.AtMost(t, patience/3), len(want))

	want = slices.Sorted(slices.Values(want))
	if diff := cmp.Diff(want, receiver.SortedBodies(r.Taken()), cmpopts.EquateEmpty()); diff != "" {
		err = errors.Join(err, fmt.Errorf("other notices (-want +got):\n%s", diff))
	}

	return err
}

// created is what Open WebUI's own webhook says of a new account.
type created struct {
	Event   string `json:"event"`
	Source  string `json:"source"`
	Subject struct {
		ID string `json:"id"`
	} `json:"subject"`
}

// drained waits until no notice waits in a file.
func (w *world) drained(t *testing.T) {
	t.Helper()

	for _, name := range []string{"every@file", "seen@file"} {
		statedir.Drain(t, patience, w.stateDir, name)
	}
}

// wantMarkers waits until there is a marker for each account that was told, and
// wants no other.
func (w *world) wantMarkers(t *testing.T) {
	t.Helper()

	for name, r := range map[string]*receiver.Receiver{"every@file": w.every, "seen@file": w.seen} {
		w.mu.Lock()
		told := slices.Compact(slices.Sorted(slices.Values(w.want[r])))
		w.mu.Unlock()

		wait.Until(t, patience, func() error { return w.markers(name, len(told)) })
	}
}

// markers objects to another number of accounts that a middleware remembers.
func (w *world) markers(middleware string, want int) error {
	files, err := filepath.Glob(filepath.Join(statedir.Of(w.stateDir, middleware), "seen", "??", "*"))
	if err == nil && len(files) != want {
		err = fmt.Errorf("%s: %d markers for %d accounts", middleware, len(files), want)
	}

	return err
}

// expectOneID waits until that was told, and lets it have been told twice where
// that carried the same id.
func (w *world) expectOneID(t *testing.T, r *receiver.Receiver, text string) {
	t.Helper()

	taken, err := r.AwaitBody(wait.AtMost(t, patience/3), text)
	if err != nil {
		t.Errorf("%s: %v", w.nameOf(r), err)
	}

	ids := map[string]bool{}

	for _, request := range taken {
		if request.Body == text {
			ids[request.Header.Get("Webhook-Id")] = true
			w.expect(r, text)
		}
	}

	if len(ids) > 1 {
		t.Errorf("%s: got: %d ids of %q, want: one", w.nameOf(r), len(ids), text)
	}
}

// verdict compares what the judge tells with what was told, and with the names
// that the accounts have. A double after a kill is one notice, for it carries
// the same id.
func (w *world) verdict(t *testing.T) {
	t.Helper()

	names := map[string]webui.Account{}

	for _, app := range []*webui.Server{w.app, w.trusted} {
		users, err := app.Users(t.Context())
		if err != nil {
			t.Fatal(err)
		}

		for _, user := range users {
			names[user.ID] = user
		}
	}

	sources := map[string]int{}

	for _, r := range []*receiver.Receiver{w.every, w.seen} {
		taken := r.Taken()

		for _, request := range w.judge.Taken() {
			var c created
			if err := json.Unmarshal([]byte(request.Body), &c); err != nil || c.Event != "user.created" {
				t.Fatalf("got: %s (%v), want: user.created", request.Body, err)
			}

			sources[c.Source]++

			user, ids := names[c.Subject.ID], map[string]bool{}

			for _, notice := range taken {
				// The sign-up of somebody who has to set up a second factor
				// has no id.
				_, rest, _ := strings.Cut(notice.Body, "|")
				if rest == fmt.Sprintf("%s|%s|%s", user.ID, user.Name, user.Email) || rest == fmt.Sprintf("|%s|%s", user.Name, user.Email) {
					ids[notice.Header.Get("Webhook-Id")] = true
				}
			}

			if len(ids) != 1 {
				t.Errorf("%s: got: %d notices of %s (%s, by %s), want: 1", w.nameOf(r), len(ids), user.Name, user.Email, c.Source)
			}
		}
	}

	t.Logf("the judge told of: %v", sources)

	for _, source := range []string{"api", "admin", "scim", "ldap", "oauth", "trusted_header"} {
		if sources[source] == 0 && (source != "oauth" || w.noBrowser == nil) {
			t.Errorf("got: no account by %s, want: some", source)
		}
	}
}

// open makes the first account of both, through Traefik, and has them tell
// the judge of every further one.
func (w *world) open(t *testing.T) {
	t.Helper()

	admin := at(w.first).signUp(t, "Admin", "admin@example.org")
	w.app.UseAdmin(admin.Token)
	w.expect(w.every, told("signup", admin))
	w.expect(w.seen, told("first-seen", admin))

	other := atTrusted(w.first, "Admin Too", "admin.too@example.org").ask(t, http.MethodPost, signInPath, map[string]string{"email": "", "password": ""})
	w.trusted.UseAdmin(other.Token)
	w.expect(w.every, told("first-seen", other))
	w.expect(w.seen, told("first-seen", other))

	if err := w.app.AllowSignUp(t.Context(), true); err != nil {
		t.Fatal(err)
	}

	for _, app := range []*webui.Server{w.app, w.trusted} {
		if err := app.Tell(t.Context(), w.judge.URL(), "user.created"); err != nil {
			t.Fatal(err)
		}
	}
}
