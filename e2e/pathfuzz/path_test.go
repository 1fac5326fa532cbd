package pathfuzz

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// seed makes the random requests the same ones every time.
const seed = 20260301

const signup = "/api/v1/auths/signup"

// paths are those of the application that the plugin watches.
func paths(watches func(*http.Request) bool) []string {
	all := []string{signup, "/api/v1/auths/add", "/api/v1/scim/v2/Users"}

	return slices.DeleteFunc(all, func(path string) bool {
		return path != signup && !watches(httptest.NewRequest(http.MethodPost, path, nil))
	})
}

// requests is how many random requests are sent.
func requests(t *testing.T) int {
	t.Helper()

	return environ.Number(t, "PATHFUZZ_REQUESTS", 6000)
}

// sample is a request for Traefik.
type sample struct {
	request

	// refused tells that Go's server refused it, so that Traefik must too.
	refused bool
}

// TestPath sends the same requests everywhere. What Go and the application
// read differently goes to Traefik too.
func TestPath(t *testing.T) {
	app := startApplication(t)
	n := requests(t)

	var apart []sample

	t.Run("the plugin compiled", func(t *testing.T) {
		apart = testCompiled(t, app, n)
	})

	if t.Failed() {
		return
	}

	// Traefik interprets the plugin, and every notice is waited for.
	samples := apart
	for _, r := range spellings(signup) {
		samples = append(samples, sample{request: r})
	}

	for number := range min(max(n/50, 500), 20000) {
		samples = append(samples, sample{request: random(seed+1, uint64(number), []string{signup})})
	}

	sink := receiver.Run(t)
	server := traefik.Run(t, traefik.Options{Dynamic: mainRouter(app, sink), Static: traefik.Quiet})

	t.Run("Traefik", func(t *testing.T) {
		testTraefik(t, "main", server, app, sink, samples)
	})

	if err := server.WriteDynamic(t.Context(), ownRouter(app, sink)); err != nil {
		t.Fatal(err)
	}

	t.Run("Traefik with a router for sign-ups", func(t *testing.T) {
		testTraefik(t, "own", server, app, sink, samples)
	})
}

// counts are how often something was seen, by what it was.
type counts struct {
	mu   sync.Mutex
	seen map[string]int
}

func (c *counts) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.seen[what]++
}

func (c *counts) log(t *testing.T) {
	t.Helper()

	var lines []string
	for _, what := range slices.Sorted(maps.Keys(c.seen)) {
		lines = append(lines, fmt.Sprintf("%9d %s", c.seen[what], what))
	}

	t.Logf("seen:\n%s", strings.Join(lines, "\n"))
}

// testCompiled wants the plugin to watch whatever reaches the application.
// It returns requests that reach it when sent straight to the application,
// and do not when Go has read them first.
func testCompiled(t *testing.T, app *application, n int) []sample {
	watches := startPlugin(t)
	paths := paths(watches)
	addr := startMatcher(t, app, watches, paths)

	var listed []request
	for _, path := range paths {
		listed = append(listed, spellings(path)...)
	}

	var (
		mu    sync.Mutex
		apart = map[int]sample{}
		seen  = counts{seen: map[string]int{}}
		start = time.Now()
	)

	each(t, len(listed)+n, []string{app.addr, addr}, func(number int, clients []*client) error {
		r := random(seed, uint64(number), paths)
		if number < len(listed) {
			r = listed[number]
		}

		id := strconv.Itoa(number)

		seen.add("sent")

		straight, err := clients[0].send(r, id)
		if err != nil {
			return fmt.Errorf("application: %w", err)
		}

		through, err := clients[1].send(r, id)
		if err != nil {
			return fmt.Errorf("matcher: %w", err)
		}

		watched, nearly := through.header.Get(watchedHeader), through.header.Get(nearlyHeader)

		if straight.made() {
			seen.add("reach it when sent straight to the application")
		}

		switch {
		case watched == "":
			seen.add("refused by Go's server")

			if straight.made() {
				seen.add("refused by Go's server, which the application takes for it")
			}
		case through.status == http.StatusBadGateway || through.status == http.StatusBadRequest:
			seen.add("passed on by Go and refused by the application")
		case straight.made() && !through.made():
			seen.add("read otherwise by Go, and sent on as another path")
		case !straight.made() && through.made():
			seen.add("reach it only as Go writes them")
		}

		if straight.made() && !through.made() {
			mu.Lock()
			apart[number] = sample{request: r, refused: watched == ""}
			mu.Unlock()
		}

		if through.made() {
			seen.add("reach it through Go")

			if slices.Contains(paths, through.reached) && watched != "true" {
				return fmt.Errorf("%v: got: passed by, want: watched, for it makes an account at %s", r, through.reached)
			}

			if nearly != "true" {
				seen.add("reach it through Go, and a matcher that forgets the newline would miss them")
			}

			if !slices.ContainsFunc(paths, func(path string) bool { return strings.Contains(r.target, path) }) {
				seen.add("reach it through Go, and the path does not stand in the line")
			}

			return nil
		}

		if watched == "true" {
			seen.add(fmt.Sprintf("watched in vain, answered %d", through.status))

			if through.status/100 == 2 {
				return fmt.Errorf("%v: got: watched and %d, want: no success without an account", r, through.status)
			}
		}

		return nil
	})

	seen.log(t)
	t.Logf("%d listed and %d random requests in %v", len(listed), n, time.Since(start).Round(time.Millisecond))

	if t.Failed() {
		return nil
	}

	// A generator that has lost its way proves nothing.
	if got, want := seen.seen["reach it through Go"], seen.seen["sent"]/10; got < want {
		t.Errorf("got: %d that reach it through Go, want: %d at least", got, want)
	}

	for _, what := range []string{
		"reach it through Go, and a matcher that forgets the newline would miss them",
		"reach it through Go, and the path does not stand in the line",
		"refused by Go's server",
	} {
		if seen.seen[what] == 0 {
			t.Errorf("got: none of %q, want: some", what)
		}
	}

	// The first ones, whichever came first.
	var out []sample

	for _, number := range slices.Sorted(maps.Keys(apart)) {
		if out = append(out, apart[number]); len(out) == 5000 {
			break
		}
	}

	return out
}

// testTraefik wants every account that is made through Traefik announced, and
// nothing else.
func testTraefik(t *testing.T, name string, server *traefik.Server, app *application, sink *receiver.Receiver, samples []sample) {
	if _, err := app.made(t.Context()); err != nil {
		t.Fatal(err)
	}

	before := len(sink.Taken())
	seen := counts{seen: map[string]int{}}
	start := time.Now()

	var made []string

	// In portions, for a notifier may refuse when a thousand notices wait.
	const portion = 500
	for begin := 0; begin < len(samples) && !t.Failed(); begin += portion {
		part := samples[begin:min(begin+portion, len(samples))]

		each(t, len(part), []string{server.Addr()}, func(number int, clients []*client) error {
			got, err := clients[0].send(part[number].request, fmt.Sprint(name, "-", begin+number))
			if err != nil {
				return err
			}

			if part[number].refused {
				seen.add("of these, what Go's server refused and the application takes")

				if got.made() {
					return fmt.Errorf("%v: got: an account through Traefik, want: refused, as by Go's server", part[number])
				}
			}

			switch {
			case got.made():
				seen.add("made an account")
			case got.status == 0:
				seen.add("got no answer")
			default:
				seen.add(fmt.Sprintf("answered %d", got.status))
			}

			return nil
		})

		more, err := app.made(t.Context())
		if err != nil {
			t.Fatal(err)
		}

		made = append(made, more...)

		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		_, err = sink.Await(ctx, before+len(made))

		cancel()

		if err != nil {
			t.Errorf("awaiting the notices: %v", err)
		}
	}

	var announced []string
	for _, notice := range sink.Taken()[before:] {
		announced = append(announced, notice.Body)
	}

	seen.log(t)
	t.Logf("%d requests, %d accounts, %d notices in %v", len(samples), len(made), len(announced), time.Since(start).Round(time.Millisecond))

	if len(made) == 0 {
		t.Error("got: no account made, want: many")
	}

	compare(t, "made and not announced", made, announced, samples)
	compare(t, "announced and not made", announced, made, samples)
}

// compare names the requests whose numbers are in one list and not in the
// other.
func compare(t *testing.T, what string, in, notIn []string, samples []sample) {
	t.Helper()

	other := map[string]bool{}
	for _, id := range notIn {
		other[id] = true
	}

	shown := 0

	for _, id := range in {
		if other[id] {
			continue
		}

		_, text, _ := strings.Cut(id, "-")
		number, err := strconv.Atoi(text)

		line := fmt.Sprintf("%q", id)
		if err == nil && number < len(samples) {
			line = samples[number].String()
		}

		t.Errorf("%s: %s", what, line)

		if shown++; shown == 20 {
			return
		}
	}
}

// rule takes every request, whether Traefik knows its path or not.
const rule = "Host(`example.org`) || PathPrefix(`/`)"

// mainRouter is the recommended way: the middleware on the one router.
func mainRouter(app *application, sink *receiver.Receiver) string {
	return fmt.Sprintf(`
http:
  routers:
    webui: {rule: %[1]q, entryPoints: [web], service: webui, middlewares: [notify]}
%[2]s`, rule, rest(app, sink))
}

// ownRouter has a second router for sign-ups alone, and the main one without
// the middleware: whatever passes by the second is not announced. The second
// half of its pattern is for targets such as `x:http://host/path`, in which
// Traefik sees no path, or `/`, and which releases up to 3.6.15 send on.
func ownRouter(app *application, sink *receiver.Receiver) string {
	own := "(" + rule + ") && Method(`POST`) && PathRegexp(`signup|^/?$`)"

	return fmt.Sprintf(`
http:
  routers:
    webui: {rule: %[1]q, entryPoints: [web], service: webui}
    signup:
      rule: %[2]q
      priority: 1000
      entryPoints: [web]
      service: webui
      middlewares: [notify]
%[3]s`, rule, own, rest(app, sink))
}

func rest(app *application, sink *receiver.Receiver) string {
	return fmt.Sprintf(`
  middlewares:
    notify: {plugin: {signupwebhook: {webhookURL: %q, message: "{name}", format: text}}}
  services:
    webui: {loadBalancer: {servers: [{url: "http://%s"}]}}
`, sink.URL(), app.addr)
}
