package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	clients = 64

	// mostWaiting is how many sign-ups of one middleware may be on their way
	// at once. The plugin takes 1,000, and refuses what is more; with a
	// folder 10,000, of which it keeps 1,000 in memory.
	mostWaiting = 900

	// opensAt is how many must wait for a receiver that is down at first.
	opensAt = 1500

	// hangFor is a time limit that only a receiver that hangs exceeds, and no
	// machine that is busy: what is answered later comes again, rightly.
	hangFor = "3s"
)

// site is one middleware and its receiver.
type site struct {
	name    string
	options map[string]any
	// read finds the text in what the receiver got, or says what is wrong.
	read func(header http.Header, body []byte) (text, problem string)
	// every is which notices fail at their first try; 0 for none.
	every int
	most  int // how many fail at all; 0 for no limit
	fail  func(rw http.ResponseWriter, req *http.Request, nth int)
	// closed tells that it is down until many notices wait.
	closed bool
	// moves tells that its stateDir changes with its options.
	moves bool
	// watches tells that its people are seen signed in, and more than once.
	watches bool
}

func sites() []*site {
	return []*site{
		{
			name: "text@file", options: map[string]any{"format": "text"},
			read: func(header http.Header, body []byte) (string, string) {
				return string(body), unlike(header, "Content-Type", "text/plain; charset=utf-8")
			},
		},
		{
			name: "slack@docker", options: map[string]any{"format": "slack"},
			read: func(header http.Header, body []byte) (string, string) {
				return inJSON(body, "text"), unlike(header, "Content-Type", "application/json")
			},
			every: 300, fail: answerWith(429, 502, closing, 503, 500),
		},
		{
			name: "discord@file", options: map[string]any{"format": "discord", "timeout": hangFor},
			read: func(header http.Header, body []byte) (string, string) {
				return inJSON(body, "content"), unlike(header, "Content-Type", "application/json")
			},
			every: 50, most: 1, fail: hang,
		},
		{
			name: "own@kubernetescrd", options: map[string]any{
				"headers": map[string]any{"Authorization": "Bearer own", "Content-Type": "text/x-own"}, "secret": goodSecret, "stateDir": "of all",
			},
			read: func(header http.Header, body []byte) (string, string) {
				return string(body), unlike(header, "Content-Type", "text/x-own") + unlike(header, "Authorization", "Bearer own") + unsigned(header, body)
			},
			every: 400, fail: answerWith(429, 502, closing, 503), moves: true,
		},
		{
			name: "down@docker", options: map[string]any{"format": "text", "stateDir": "of all"},
			read: func(_ http.Header, body []byte) (string, string) {
				return string(body), ""
			},
			closed: true,
		},
		{
			// What is refused or put off for long, if not for others or for a
			// change of the options.
			name: "Down@docker", options: map[string]any{"format": "text", "stateDir": "of all", "answerContains": "taken"},
			read: func(_ http.Header, body []byte) (string, string) {
				return string(body), ""
			},
			every: 20, most: 7, fail: answerWith(404, 400, 200, 500, 403, 410, 302),
		},
		{
			// No folder can be made in what is a file, so this waits in memory.
			name: "broken@file", options: map[string]any{"format": "text", "stateDir": "a file"},
			read: func(_ http.Header, body []byte) (string, string) {
				return string(body), ""
			},
			every: 400, fail: answerWith(429, 502, closing, 503),
		},
		{
			name: "seen@file", options: map[string]any{"format": "text", "stateDir": "of all", "events": []any{"scim", "first-seen"}, "learnFor": "0s"},
			read: func(_ http.Header, body []byte) (string, string) {
				return string(body), ""
			},
			every: 400, fail: answerWith(429, 502, closing, 503), watches: true,
		},
	}
}

// fails tells whether the site's notice of that number shall fail.
func (s *site) fails(number, failed int) bool {
	if s.every == 0 || s.most > 0 && failed == s.most {
		return false
	}

	return number%s.every == s.every-1
}

func unlike(header http.Header, key, want string) string {
	if got := header.Get(key); got != want {
		return fmt.Sprintf("the header %s, got: %q, want: %q; ", key, got, want)
	}

	return ""
}

func inJSON(body []byte, key string) string {
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		return "no JSON: " + err.Error()
	}

	text, _ := object[key].(string)

	return text
}

// unsigned says what is wrong with a notice's signature.
func unsigned(header http.Header, body []byte) string {
	args := []string{header.Get("Webhook-Id"), header.Get("Webhook-Timestamp"), goodKey, string(body)}
	got := map[string][]string{}

	for _, key := range []string{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"} {
		got[key] = header[key]
	}

	return checkSignature(args, fmt.Sprint(got))
}

// closing is a status for none: the connection is closed.
const closing = 0

// answerWith fails a try in one way after another.
func answerWith(ways ...int) func(rw http.ResponseWriter, _ *http.Request, nth int) {
	return func(rw http.ResponseWriter, _ *http.Request, nth int) {
		status := ways[(nth-1)%len(ways)]
		if status == closing {
			panic(http.ErrAbortHandler)
		}

		rw.WriteHeader(status)
	}
}

// hang answers nothing until the plugin has given up on the try.
func hang(_ http.ResponseWriter, req *http.Request, _ int) { <-req.Context().Done() }

// signup is one account, and what became of its notice.
type signup struct {
	site    *site
	name    string
	account string
	since   int // the version of the options when it was sent

	tries     int
	delivered bool
}

// town is where everybody signs up: the sites, their receiver, and the books.
type town struct {
	maker maker
	sites []*site
	url   string
	found *differences
	alive func()

	round atomic.Pointer[round]

	mu        sync.Mutex
	changed   *sync.Cond
	byID      map[string]*signup
	waiting   map[*site]int
	failed    map[*site]int
	delivered int
	tries     int

	stateDir    string
	mostWaiting int
	opensAt     int
	stored      int // files when the receiver that is down opens
}

// round is what one reload made.
type round struct {
	version  int
	handlers []http.Handler
	cancel   context.CancelFunc
}

// webhookID is what the plugin must make of a middleware and an account.
func webhookID(name, account string) string {
	sum := sha256.Sum256([]byte(name + "\n" + account))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// Tens of thousands of sign-ups at once, through reloads and failures: each is
// announced exactly once, at the right place and in its own words.
func TestSignups(t *testing.T) {
	total := times(t, 20000)
	if raceChecked {
		total = times(t, 5000)
	}

	t.Run("interpreted", func(t *testing.T) {
		leavesNothing(t)

		plugin, out := load(t)
		testSignups(t, plugin, total)
		out.checkFaults(t)
	})

	t.Run("compiled", func(t *testing.T) {
		leavesNothing(t)
		quiet()
		testSignups(t, compiledPlugin{}, total/4)
	})
}

func testSignups(t *testing.T, m maker, total int) {
	t.Helper()

	const reloads = 20

	town := &town{
		maker: m, sites: sites(), found: &differences{}, alive: watch(t),
		byID: map[string]*signup{}, waiting: map[*site]int{}, failed: map[*site]int{},
		stateDir: t.TempDir(),
	}
	town.opensAt = min(opensAt, total/len(town.sites)/2)
	// With few sign-ups, all of them would be there before the first reload.
	town.mostWaiting = min(mostWaiting, 1+total/len(town.sites)/5)
	town.changed = sync.NewCond(&town.mu)

	if err := os.WriteFile(filepath.Join(town.stateDir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	receiver := httptest.NewServer(http.HandlerFunc(town.receive))
	t.Cleanup(receiver.Close)

	town.url = receiver.URL
	town.reload(t, 1)

	start := time.Now()

	var (
		next    atomic.Int64
		running sync.WaitGroup
	)

	for range clients {
		running.Go(func() {
			for {
				i := int(next.Add(1) - 1)
				if i >= total {
					return
				}

				town.signUp(i)
			}
		})
	}

	// Every other reload changes something.
	for i := range reloads {
		town.await(func() bool { return town.delivered >= total*(i+1)/(reloads+1) })
		town.reload(t, 1+(i+1)/2)
	}

	running.Wait()

	// What stands aside is due at once when the options change.
	town.reload(t, town.round.Load().version+1)
	town.await(func() bool { return town.delivered == total })
	town.awaitEmpty(t)
	town.round.Load().cancel()

	// With the server closed, nothing is under way any more.
	receiver.Close()
	town.found.report(t)

	for _, s := range town.sites {
		if s.every > 0 && total > len(town.sites)*s.every && town.failed[s] == 0 {
			t.Errorf("%s: failures, got: %d, want: some", s.name, town.failed[s])
		}
	}

	if town.stored < town.opensAt {
		t.Errorf("files while a receiver was down, got: %d, want: %d at least", town.stored, town.opensAt)
	}

	t.Logf("%d sign-ups, %d clients, %d reloads, %d tries, %d files at a time, %s", total, clients, reloads, town.tries, town.stored, time.Since(start).Round(time.Millisecond))
}

// files lists what lies in all outboxes.
func (w *town) files() []string {
	// The pattern is none that could be wrong.
	found, _ := filepath.Glob(w.stateDir + "/*/*/*/*")

	// Who was seen is remembered for good.
	return slices.DeleteFunc(found, func(path string) bool { return filepath.Base(filepath.Dir(path)) == "seen" })
}

// awaitEmpty waits until the outboxes hold nothing any more. A file is removed
// after the receiver has got its notice.
func (w *town) awaitEmpty(t *testing.T) {
	t.Helper()

	files := w.files()
	for end := time.Now().Add(20 * time.Second); len(files) > 0 && time.Now().Before(end); files = w.files() {
		time.Sleep(10 * time.Millisecond)
	}

	if len(files) > 0 {
		t.Errorf("files left, got: %d, the first: %s, want: none", len(files), files[0])
	}

	// Otherwise nothing was looked at.
	if folders, _ := filepath.Glob(w.stateDir + "/*/*/new"); len(folders) != 5 {
		t.Errorf("folders, got: %q, want: two of the middleware that moves, and one each of three others", folders)
	}
}

// await waits until a condition holds that tries can bring about.
func (w *town) await(holds func() bool) {
	w.mu.Lock()
	defer w.mu.Unlock()

	for !holds() {
		w.changed.Wait()
	}
}

// reload does what Traefik does: it ends what was, and makes all anew.
func (w *town) reload(t *testing.T, version int) {
	t.Helper()

	if old := w.round.Load(); old != nil {
		old.cancel()
	}

	ctx, cancel := context.WithCancel(context.Background())
	made := &round{version: version, cancel: cancel}

	for i, s := range w.sites {
		options := map[string]any{
			"webhookURL": fmt.Sprintf("%s/%d/%d", w.url, i, version),
			"message":    fmt.Sprintf("%s %d: {name}, {role} {id}", s.name, version),
		}
		for key, value := range s.options {
			options[key] = value
		}

		switch {
		case s.moves:
			options["stateDir"] = filepath.Join(w.stateDir, strconv.Itoa(version%2))
		case s.options["stateDir"] == "of all":
			options["stateDir"] = filepath.Join(w.stateDir, "0")
		case s.options["stateDir"] == "a file":
			options["stateDir"] = filepath.Join(w.stateDir, "file")
		}

		handler, err := w.maker.New(ctx, http.HandlerFunc(registrar), options, s.name)
		if err != nil {
			t.Fatal(err)
		}

		made.handlers = append(made.handlers, handler)
	}

	w.round.Store(made)
}

type leaveKey struct{}

// registrar stands for Open WebUI: it makes an account of each request, and
// answers with its own words for it.
func registrar(rw http.ResponseWriter, req *http.Request) {
	var asked struct{ Name, ID string }
	if err := json.NewDecoder(req.Body).Decode(&asked); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}

	if leave, ok := req.Context().Value(leaveKey{}).(context.CancelFunc); ok {
		leave()
	}

	if err := req.Context().Err(); err != nil {
		http.Error(rw, err.Error(), http.StatusTeapot)
		return
	}

	rw.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(rw, accountOf(asked.ID, asked.Name))
}

func accountOf(id, name string) string {
	return fmt.Sprintf(`{"id":%q,"name":%q,"role":"role of %s","email":"%s@example.org"}`, id, name, id, id)
}

// most is how many sign-ups of a middleware may be on their way at once.
func (w *town) most(s *site) int {
	if s.closed {
		return w.opensAt + clients
	}

	// No more than 1,000 wait to be looked for, and each comes twice.
	if s.watches {
		return min(400, w.mostWaiting)
	}

	return w.mostWaiting
}

// signUp is what one client does, when there is room for another notice.
func (w *town) signUp(i int) {
	place := i % len(w.sites)
	s := &signup{
		site:    w.sites[place],
		name:    fmt.Sprintf("person %d", i),
		account: fmt.Sprintf("account-%d", i),
	}

	w.mu.Lock()
	for w.waiting[s.site] >= w.most(s.site) {
		w.changed.Wait()
	}

	now := w.round.Load()
	s.since = now.version
	w.waiting[s.site]++
	w.byID[webhookID(s.site.name, s.account)] = s
	w.mu.Unlock()

	if s.site.watches {
		// The page is loaded once more, perhaps before anybody was told.
		w.visit(now.handlers[place], s, sessionDoor, false)
		w.visit(now.handlers[place], s, sessionDoor, false)

		return
	}

	w.visit(now.handlers[place], s, signupDoor, i%20 == 0)
}

// sessionDoor is what each page load asks for.
const sessionDoor = "GET /api/v1/auths/"

// visit is one request, of a client that stays or leaves.
func (w *town) visit(handler http.Handler, s *signup, door string, leaves bool) {
	ctx, leave := context.WithCancel(context.Background())
	defer leave()

	if leaves {
		ctx = context.WithValue(ctx, leaveKey{}, leave)
	}

	method, path, _ := strings.Cut(door, " ")
	body := fmt.Sprintf(`{"name":%q,"id":%q,"password":"not-a-real-password"}`, s.name, s.account)
	req := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	client := httptest.NewRecorder()

	handler.ServeHTTP(client, req)

	if got, want := client.Body.String(), accountOf(s.account, s.name); client.Code != http.StatusOK || got != want {
		w.found.add("the client's answer", func() string {
			return fmt.Sprintf("the client's answer, got: %d %s, want: %s", client.Code, got, want)
		})
	}
}

// receive is what all receivers do with a try.
func (w *town) receive(rw http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // cut off, and not delivered
	}

	s, nth := w.enter(req, string(body))
	switch {
	case s != nil && nth > 0:
		s.site.fail(rw, req, nth)
	case s != nil && nth < 0:
		rw.Header().Set("Retry-After", "1")
		rw.WriteHeader(http.StatusServiceUnavailable)
	default:
		_, _ = io.WriteString(rw, "taken")
	}
}

// isDown tells whether a receiver is down. It is called with the lock held.
func (w *town) isDown(s *site) bool {
	if s.closed && w.waiting[s] >= w.opensAt {
		s.closed = false
		w.stored = len(w.files())
	}

	return s.closed
}

// enter books a try. Where it is to fail, it says the how manieth of its site
// that is; -1 while the receiver is down.
func (w *town) enter(req *http.Request, body string) (failing *signup, nth int) {
	w.mu.Lock()
	defer w.mu.Unlock()

	w.tries++

	id := req.Header.Get("Webhook-Id")

	s := w.byID[id]
	if s == nil {
		w.found.add("unknown ids", func() string {
			return fmt.Sprintf("the webhook-id %q on %s, got: one that nobody has, want: a known one; body: %s", id, req.URL.Path, shortened(body))
		})
		return nil, 0
	}

	s.tries++

	if problem := w.check(s, req, body); problem != "" {
		w.found.add("notices", func() string {
			return fmt.Sprintf("the notice of %s for %s: %s", s.name, s.site.name, problem)
		})
	}

	if w.isDown(s.site) {
		return s, -1
	}

	number, _ := strconv.Atoi(strings.TrimPrefix(s.account, "account-"))
	if s.tries == 1 && s.site.fails(number/len(w.sites), w.failed[s.site]) {
		w.failed[s.site]++
		return s, w.failed[s.site]
	}

	if s.delivered {
		w.found.add("doubles", func() string {
			return fmt.Sprintf("the notice of %s for %s, got: delivered again, want: once", s.name, s.site.name)
		})
		return s, 0
	}

	// What is tried and never gets through is no sign of life.
	w.alive()

	s.delivered = true
	w.delivered++
	w.waiting[s.site]--
	w.changed.Broadcast()

	return s, 0
}

// check compares a notice with what this account's must be.
// hyphens are how formats write a stranger's.
var hyphens = map[any]string{"discord": `\-`, "slack": "-\u200b"}

func (w *town) check(s *signup, req *http.Request, body string) string {
	place, version, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/")

	if index, err := strconv.Atoi(place); err != nil || index >= len(w.sites) || w.sites[index] != s.site {
		return fmt.Sprintf("the receiver, got: %s, want: its own", place)
	}

	// Options that came after the sign-up may be used, and none before.
	number, err := strconv.Atoi(version)
	if latest := w.round.Load().version + 1; err != nil || number < s.since || number > latest {
		return fmt.Sprintf("the version, got: %s, want: %d to %d", version, s.since, latest)
	}

	text, problem := s.site.read(req.Header, []byte(body))
	want := fmt.Sprintf("%s %s: %s, role of %s %s", s.site.name, version, s.name, s.account, s.account)

	// What is the administrator's stays as it is.
	if harmless, ok := hyphens[s.site.options["format"]]; ok {
		start, fields, _ := strings.Cut(want, ":")
		want = start + ":" + strings.ReplaceAll(fields, "-", harmless)
	}

	if text != want {
		problem += fmt.Sprintf("the text, got: %q, want: %q", text, want)
	}

	return problem
}
