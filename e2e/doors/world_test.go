package doors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/identity"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
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
	w.first = start(t, traefik.Options{})

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

	if err := w.first.WriteDynamic(t.Context(), w.dynamic(t)); err != nil {
		t.Fatal(err)
	}

	return w
}

// start starts a Traefik for a test. What the plugin said is shown if the test
// fails.
func start(t testing.TB, o traefik.Options) *traefik.Server {
	t.Helper()

	s, err := traefik.Start(t.Context(), o)
	tools.Check(t, err)

	t.Cleanup(func() {
		if t.Failed() {
			lines := saidBy(s)
			t.Logf("what the plugin said last:\n%s", strings.Join(lines[max(0, len(lines)-60):], "\n"))
		}

		s.Stop()
	})

	return s
}

// saidBy are the plugin's lines in Traefik's log that hold all of the words.
func saidBy(s *traefik.Server, words ...string) []string {
	var lines []string

	for line := range strings.Lines(s.Log()) {
		_, said, ok := strings.Cut(line, "signupwebhook: ")
		if ok && !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(said, word) }) {
			said, _, _ = strings.Cut(said, " module=")
			lines = append(lines, said)
		}
	}

	return lines
}

// dynamic is the configuration of every Traefik here.
func (w *world) dynamic(t *testing.T) string {
	t.Helper()

	plugin := func(r *receiver.Receiver, more map[string]any, events ...string) map[string]any {
		options := map[string]any{"webhookURL": r.URL(), "message": message, "stateDir": w.stateDir, "events": events}
		for name, value := range more {
			options[name] = value
		}

		return map[string]any{"plugin": map[string]any{traefik.Alias: options}}
	}
	service := func(url string) map[string]any {
		return map[string]any{"loadBalancer": map[string]any{"servers": []any{map[string]any{"url": url}}}}
	}
	router := func(rule, service string, middlewares ...string) map[string]any {
		return map[string]any{"rule": rule, "service": service, "middlewares": middlewares}
	}

	text, err := yaml.Marshal(map[string]any{"http": map[string]any{
		"routers": map[string]any{
			"app":      router("PathPrefix(`/`)", "app", "every", "seen"),
			"trusted":  router("Host(`"+trustedHost+"`)", "trusted", "every", "seen"),
			"plain":    router("Host(`"+plainHost+"`)", "app"),
			"learning": router("Host(`"+learningHost+"`)", "app", "learning"),
		},
		"middlewares": map[string]any{
			"every":    plugin(w.every, nil, "signup", "user-added", "scim", "first-seen"),
			"seen":     plugin(w.seen, nil, "first-seen"),
			"learning": plugin(w.learn, map[string]any{"learnFor": w.learnFor}, "signup", "first-seen"),
		},
		"services": map[string]any{"app": service(w.app.URL()), "trusted": service(w.trusted.URL())},
	}})
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
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

		p := at(s).signUp(t, name, strings.ToLower(strings.ReplaceAll(name, " ", ".")+"@example.org"))
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
	want := slices.Sorted(slices.Values(w.want[r]))
	w.mu.Unlock()

	ctx, cancel := context.WithTimeout(t.Context(), patience/3)
	defer cancel()

	_, err := r.Await(ctx, len(want))

	if got := bodies(r.Taken()); err != nil || !slices.Equal(got, want) {
		missing, more := differ(want, got)
		t.Fatalf("%s: %v\nnot told: %q\ntold too much: %q", w.nameOf(r), err, missing, more)
	}
}

func (w *world) nameOf(r *receiver.Receiver) string {
	return map[*receiver.Receiver]string{w.every: "all events", w.seen: "first-seen alone", w.learn: "learning"}[r]
}

func bodies(requests []receiver.Request) []string {
	var list []string
	for _, request := range requests {
		list = append(list, request.Body)
	}

	slices.Sort(list)

	return list
}

// differ tells what of want is missing in got, and what is more than wanted.
func differ(want, got []string) ([]string, []string) {
	counts := map[string]int{}
	for _, text := range want {
		counts[text]++
	}

	var more []string

	for _, text := range got {
		if counts[text]--; counts[text] < 0 {
			more = append(more, text)
		}
	}

	var missing []string

	for text, count := range counts {
		if count > 0 {
			missing = append(missing, text)
		}
	}

	slices.Sort(missing)

	return missing, more
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

	eventually(t, func() error {
		for _, name := range []string{"every@file", "seen@file"} {
			if files := filesIn(t, filepath.Join(w.stateDir, outbox.Subfolder(name), "new")); len(files) > 0 {
				return fmt.Errorf("%d notices of %s wait", len(files), name)
			}
		}

		return nil
	})
}

// wantMarkers waits until there is a marker for each account that was told, and
// wants no other.
func (w *world) wantMarkers(t *testing.T) {
	t.Helper()

	for name, r := range map[string]*receiver.Receiver{"every@file": w.every, "seen@file": w.seen} {
		w.mu.Lock()
		told := slices.Compact(slices.Sorted(slices.Values(w.want[r])))
		w.mu.Unlock()

		eventually(t, func() error { return w.markers(name, len(told)) })
	}
}

// markers objects to another number of accounts that a middleware remembers.
func (w *world) markers(middleware string, want int) error {
	files, err := filepath.Glob(filepath.Join(w.stateDir, outbox.Subfolder(middleware), "seen", "??", "*"))
	if err == nil && len(files) != want {
		err = fmt.Errorf("%s: %d markers for %d accounts", middleware, len(files), want)
	}

	return err
}

// expectOneID waits until that was told, and lets it have been told twice where
// that carried the same id.
func (w *world) expectOneID(t *testing.T, r *receiver.Receiver, text string) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), patience/3)
	defer cancel()

	taken, err := r.AwaitBody(ctx, text)
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

// filesIn are the names of what is in a folder, if there is one.
func filesIn(t testing.TB, dir string) []string {
	t.Helper()

	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}

	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}

	return names
}

// eventually asks again until there is no objection, for what nobody tells.
func eventually(t testing.TB, ask func() error) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	for {
		err := ask()
		if err == nil {
			return
		}

		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("after %v: %v", patience, err)
		}
	}
}

// verdict compares what the judge tells with what was told, and with the names
// that the accounts have.
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
		notices := bodies(r.Taken())

		for _, request := range w.judge.Taken() {
			var c created
			if err := json.Unmarshal([]byte(request.Body), &c); err != nil || c.Event != "user.created" {
				t.Fatalf("got: %s (%v), want: user.created", request.Body, err)
			}

			sources[c.Source]++

			user, count := names[c.Subject.ID], 0

			for _, text := range notices {
				// The sign-up of somebody who has to set up a second factor
				// has no id.
				_, rest, _ := strings.Cut(text, "|")
				if rest == fmt.Sprintf("%s|%s|%s", user.ID, user.Name, user.Email) || rest == fmt.Sprintf("|%s|%s", user.Name, user.Email) {
					count++
				}
			}

			if count != 1 {
				t.Errorf("%s: got: %d notices of %s (%s, by %s), want: 1", w.nameOf(r), count, user.Name, user.Email, c.Source)
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
