package recipes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	// hostile is what a person may be called: it must come out as it is.
	hostile = `Eve "\ <!channel> {email} 'x' é [x](/y) **b**`

	// patience ends what has gone wrong.
	patience = 30 * time.Second

	// secrets is where the page has the files of secrets.
	secrets = "/run/secrets"
)

// recipe is one that is tried: who lives at its hosts, and what they must see.
type recipe struct {
	heading string

	// guests move in before anybody signs up.
	guests func(t *testing.T, r Recipe) []guest

	// text is the notice of somebody's sign-up.
	text func(name, email string) string

	// requests are looked at where the guests do not see everything; nil
	// where they do.
	requests func(t *testing.T, all []request)
}

// guest lives at a host of the page.
type guest struct {
	host    string
	handler http.Handler

	// notices are what it has shown, in its order.
	notices func(ctx context.Context) ([]string, error)
}

// request is one that came to a guest.
type request struct {
	header http.Header
	body   string
}

func greet(name, _ string) string { return receiver.Greeting + name }

// TestEveryRecipe has two people sign up for each recipe, and asks whoever it
// tells what he has read.
func TestEveryRecipe(t *testing.T) {
	page, err := Read()
	if err != nil {
		t.Fatal(err)
	}

	files := t.TempDir()
	for name, text := range secretFiles {
		if err := os.WriteFile(filepath.Join(files, name), []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	dir := t.TempDir()
	n := newNetwork(t, lay(t, dir, page, files))
	p := traefik.Run(t, traefik.Options{Dir: dir, Dynamic: routers(t, page), Env: n.environment()})

	for at, r := range page {
		t.Run(r.Heading, func(t *testing.T) {
			index := slices.IndexFunc(tried, func(one recipe) bool { return one.heading == r.Heading })
			if index < 0 {
				t.Fatal("got: a recipe that no test tries, want: none")
			}

			try(t, p, n, host(at), r, tried[index])
		})
	}

	if len(tried) != len(page) {
		t.Errorf("got: %d recipes on the page, want: %d", len(page), len(tried))
	}
}

func try(t *testing.T, p *traefik.Server, n *network, host string, r Recipe, one recipe) {
	t.Helper()

	var book requestBook

	guests := one.guests(t, r)
	for _, g := range guests {
		n.place(g.host, book.keep(g.handler))
		t.Cleanup(func() { n.vacate(g.host) })
	}

	var want []string

	for _, name := range []string{"Tim", hostile} {
		email := fmt.Sprintf("person%d@example.org", len(want))
		webui.SignUpAt(t, p.URL(), host, name, email)
		want = append(want, one.text(name, email))

		for _, g := range guests {
			wantNotices(t, g, want)
		}
	}

	all := book.all()
	if one.requests != nil && len(all) > 0 {
		one.requests(t, all)
	}

	for _, line := range strings.Split(p.Log(), "\n") {
		if strings.Contains(line, "panic") {
			t.Errorf("got: %s", line)
		}
	}
}

// wantNotices waits until a guest has seen that and nothing else.
func wantNotices(t *testing.T, g guest, want []string) {
	t.Helper()

	var got []string

	ctx := wait.AtMost(t, patience)

	wait.Until(t, patience, func() error {
		var err error

		got, err = g.notices(ctx)
		if err != nil {
			t.Fatal(err)
		}

		if len(got) < len(want) {
			return fmt.Errorf("%s: got: %q, want: %q", g.host, got, want)
		}

		return nil
	})

	if !slices.Equal(got, want) {
		t.Errorf("%s: got: %q, want: %q", g.host, got, want)
	}
}

// lay puts the page's blocks where Traefik reads them, letter by letter but
// for the folder of secrets. It returns the names of all hosts that they name.
func lay(t *testing.T, dir string, page []Recipe, files string) []string {
	t.Helper()

	folder := filepath.Join(dir, "dynamic")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}

	var names []string

	for _, text := range secretFiles {
		names = appendHost(names, text)
	}

	seen := map[string]bool{}

	for at, r := range page {
		for number, block := range r.Blocks {
			if block.Language != "yaml" || !strings.HasPrefix(block.Text, "http:") {
				continue
			}

			text := strings.ReplaceAll(block.Text, secrets, files)
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("recipe-%d-%d.yml", at, number)), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}

		middlewares, err := r.Middlewares()
		if err != nil {
			t.Fatal(err)
		}

		for name, options := range middlewares {
			if seen[name] {
				t.Errorf("got: the name %s twice on the page, want: each once", name)
			}

			seen[name] = true

			if target, ok := options["webhookURL"].(string); ok {
				names = appendHost(names, target)
			}
		}
	}

	return names
}

func appendHost(names []string, text string) []string {
	target, err := url.Parse(text)
	if err != nil || target.Scheme != "https" {
		return names
	}

	return append(names, target.Hostname())
}

// routers are one for each recipe, with all of its middlewares, before a
// stand-in for Open WebUI.
func routers(t *testing.T, page []Recipe) string {
	t.Helper()

	var d traefik.Dynamic

	d.Service("app", webui.RunStandIn(t).URL)

	for at, r := range page {
		middlewares, err := r.Middlewares()
		if err != nil {
			t.Fatal(err)
		}

		d.Router(fmt.Sprintf("recipe-%d", at), traefik.Host(host(at)), "app", slices.Collect(maps.Keys(middlewares))...)
	}

	return d.YAML()
}

// host is where the recipe at that place of the page has its Open WebUI.
func host(at int) string { return fmt.Sprintf("recipe-%d.test", at) }

// requestBook keeps what comes to guests.
type requestBook struct {
	mu       sync.Mutex
	requests []request
}

func (b *requestBook) keep(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return // not a whole request
		}

		b.mu.Lock()
		b.requests = append(b.requests, request{header: req.Header.Clone(), body: string(body)})
		b.mu.Unlock()

		req.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(rw, req)
	})
}

func (b *requestBook) all() []request {
	b.mu.Lock()
	defer b.mu.Unlock()

	return slices.Clone(b.requests)
}

// list is what a guest of the test's own has shown.
type list struct {
	mu      sync.Mutex
	entries []string
}

func (l *list) add(entry string) {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.entries = append(l.entries, entry)
}

// faults are what a guest did not like, told at the test's end: it may be
// asked again by then, where nobody may tell the test of anything.
func faults(t *testing.T) *list {
	t.Helper()

	found := &list{}

	t.Cleanup(func() {
		entries, _ := found.get(context.Background())
		for _, entry := range entries {
			t.Error(entry)
		}
	})

	return found
}

func (l *list) get(context.Context) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()

	return slices.Clone(l.entries), nil
}

// decode reads JSON that has these keys and no others.
func decode(body io.Reader, into any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()

	if err := decoder.Decode(into); err != nil {
		return err
	}

	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON")
	}

	return nil
}
