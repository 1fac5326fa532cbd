package chaos

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

const (
	// patience is for what takes milliseconds or, where a notice is tried
	// again, some seconds; it ends what has gone wrong.
	patience = time.Minute

	// middleware is the plugin's name in every configuration here.
	middleware = "notify@file"

	signUpPath = "/api/v1/auths/signup"

	// quiet keeps Traefik's log short, and debug gives its profiles.
	quiet = "log: {level: ERROR}\n"
	debug = "api: {debug: true}\n"
)

// options are the middleware's, under the names that configurations use.
type options map[string]any

// dynamic is a configuration in which everything goes to upstream, through the
// middleware unless its options are nil.
func dynamic(t testing.TB, upstream string, o options) string {
	t.Helper()

	router := map[string]any{"rule": "PathPrefix(`/`)", "service": "chat"}
	http := map[string]any{
		"routers":  map[string]any{"chat": router},
		"services": map[string]any{"chat": map[string]any{"loadBalancer": map[string]any{"servers": []any{map[string]any{"url": upstream}}}}},
	}

	if o != nil {
		name, _, _ := strings.Cut(middleware, "@")
		router["middlewares"] = []string{name}
		http["middlewares"] = map[string]any{name: map[string]any{"plugin": map[string]any{traefik.Alias: o}}}
	}

	text, err := yaml.Marshal(map[string]any{"http": http})
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

// start starts a Traefik for a test. Its errors are shown if the test fails.
func start(t testing.TB, o traefik.Options) *traefik.Server {
	t.Helper()

	s, err := traefik.Start(t.Context(), o)
	tools.Check(t, err)

	t.Cleanup(func() {
		if t.Failed() {
			lines := errorsOf(s)
			t.Logf("the last of Traefik's %d errors:\n%s", len(lines), strings.Join(lines[max(0, len(lines)-20):], "\n"))
		}

		s.Stop()
	})

	return s
}

// errorsOf are the lines of Traefik's log that an administrator sees, which
// hold all of the texts.
func errorsOf(s *traefik.Server, texts ...string) []string {
	return linesOf(s, append([]string{" ERR "}, texts...)...)
}

func linesOf(s *traefik.Server, texts ...string) []string {
	var lines []string

	for line := range strings.Lines(s.Log()) {
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) }) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}

	return lines
}

// upstream stands in for Open WebUI, and remembers whom it made an account
// for.
type upstream struct {
	*httptest.Server

	onMade func() // called for each account, when it was answered

	mu   sync.Mutex
	made map[string]account // by name
}

// account is what the upstream has made.
type account struct {
	id   string
	came time.Time // the sign-up
	at   time.Time // when it was answered
}

// run starts an upstream that thinks so long about each sign-up.
func run(t testing.TB, think func() time.Duration) *upstream {
	t.Helper()

	standIn, err := webui.StandIn()
	if err != nil {
		t.Fatal(err)
	}

	u := &upstream{made: map[string]account{}, onMade: func() {}}
	u.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		came := time.Now()

		time.Sleep(think())

		tee := &recorder{ResponseWriter: rw}
		standIn.ServeHTTP(tee, req)

		var made webui.Account
		if json.Unmarshal(tee.body.Bytes(), &made) == nil && made.ID != "" {
			u.mu.Lock()
			u.made[made.Name] = account{id: made.ID, came: came, at: time.Now()}
			u.mu.Unlock()

			u.onMade()
		}
	}))
	t.Cleanup(u.Close)

	return u
}

// accounts are those that were made so far, by name.
func (u *upstream) accounts() map[string]account {
	u.mu.Lock()
	defer u.mu.Unlock()

	all := make(map[string]account, len(u.made))
	for name, one := range u.made {
		all[name] = one
	}

	return all
}

func atOnce() time.Duration { return 0 }

type recorder struct {
	http.ResponseWriter

	body bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// signUp signs somebody up at an address, over a connection of its own, and
// returns when the whole answer has come. Only a success is no error.
func signUp(addr, name string) error {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()

	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))

	if _, err := io.WriteString(conn, signUpRequest(name)); err != nil {
		return err
	}

	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}

	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("signing %s up: %s: %.200s", name, res.Status, body)
	}

	return nil
}

// hangUp sends a whole sign-up and closes the connection that long after.
func hangUp(addr, name string, after time.Duration) {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return
	}

	_, _ = io.WriteString(conn, signUpRequest(name))
	// Not a wait for something: the moment of leaving is what is tested.
	time.Sleep(after)

	_ = conn.Close()
}

// signUpRequest is a sign-up as it goes over the wire.
func signUpRequest(name string) string {
	body := webui.SignUpBody(name, emailOf(name))

	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: chat.test\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		signUpPath, len(body), body)
}

func emailOf(name string) string {
	return strings.ReplaceAll(name, " ", ".") + "@example.org"
}

// idOf is the webhook-id that an account's notice must have, whatever happens.
func idOf(made account) string { return delivery.WebhookID(middleware, made.id) }

// filesIn are the names of the files in new/, tmp/ or failed/ of the
// middleware's folder.
func filesIn(t testing.TB, stateDir, box string) []string {
	t.Helper()

	entries, err := os.ReadDir(filepath.Join(stateDir, outbox.Subfolder(middleware), box))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}

	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}

	return names
}

// wantNothingWaits waits until the folder new/ is empty.
func wantNothingWaits(t testing.TB, stateDir string) {
	t.Helper()

	eventually(t, patience, func() error {
		if left := filesIn(t, stateDir, "new"); len(left) > 0 {
			return fmt.Errorf("%d notices wait", len(left))
		}

		return nil
	})
}

// eventually asks again until there is no objection, for what nobody tells.
func eventually(t testing.TB, limit time.Duration, ask func() error) {
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

// within is the test's context with an end.
func within(t testing.TB, limit time.Duration) context.Context {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)

	return ctx
}

// number is an environment variable's, or the preset.
func number(t testing.TB, name string, preset int) int {
	t.Helper()

	text := os.Getenv(name)
	if text == "" {
		return preset
	}

	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		t.Fatalf("%s: got: %q, want: a number", name, text)
	}

	return value
}

// chance is a source of choices that is the same each time for a seed and a
// purpose. It is for one goroutine.
func chance(t testing.TB, purpose uint64) *rand.Rand {
	t.Helper()

	return rand.New(rand.NewPCG(uint64(number(t, "CHAOS_SEED", 1)), purpose))
}

// upTo is a random time.
func upTo(r *rand.Rand, limit time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(limit)))
}

// leaveOut ends a test that cannot run here; where everything must be tested,
// that is a failure.
func leaveOut(t testing.TB, reason string) {
	t.Helper()

	if os.Getenv("CI") == "true" {
		t.Fatal("CI=true leaves nothing out: " + reason)
	}

	t.Skip("left out: " + reason)
}
