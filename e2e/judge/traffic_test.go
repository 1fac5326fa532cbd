package judge

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/traefik-openwebui/signupwebhook"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
)

// maker makes middlewares: the interpreted plugin, or the compiled one.
type maker interface {
	New(ctx context.Context, next http.Handler, options map[string]any, name string) (http.Handler, error)
}

type compiledPlugin struct{}

func (compiledPlugin) New(ctx context.Context, next http.Handler, options map[string]any, name string) (http.Handler, error) {
	config := signupwebhook.CreateConfig()
	if err := interp.Decode(options, config); err != nil {
		return nil, err
	}

	return signupwebhook.New(ctx, next, config, name)
}

// exchange is a request and what the upstream makes of it.
type exchange struct {
	desc string

	method, path string
	header       http.Header
	body         string
	noBody       bool
	chunked      bool // the request has no length

	reads   int // how much of the request the upstream reads; -1 for all
	leaves  bool
	early   http.Header // a 103 with these, before the answer
	status  int         // 0: the first write says it
	answer  http.Header
	chunks  []string
	trailer http.Header // put into the headers after the body
	aborts  bool
	panics  bool
}

// played is all that can be seen of an exchange.
type played struct {
	// What the next handler saw.
	Method, Path, Query, Host, Body string
	Header                          http.Header
	Length                          int64
	SameWriter, SameRequest         bool
	Alive                           bool // after the client has left
	// What the client saw.
	Client string
	End    string
	Panic  string
	// What the receiver saw.
	Notices []string
}

// stage is an exchange while it is played.
type stage struct {
	exchange *exchange
	writer   *recorder
	request  *http.Request
	leave    context.CancelFunc
	played   *played
}

type stageKey struct{}

// upstream stands for Open WebUI and does what the exchange says.
func upstream(rw http.ResponseWriter, req *http.Request) {
	s, ok := req.Context().Value(stageKey{}).(*stage)
	if !ok {
		panic("a request of another test")
	}

	ex, p := s.exchange, s.played
	p.Method, p.Path, p.Query, p.Host = req.Method, req.URL.Path, req.URL.RawQuery, req.Host
	p.Header, p.Length = req.Header.Clone(), req.ContentLength
	p.SameWriter, p.SameRequest = rw == http.ResponseWriter(s.writer), req == s.request

	if req.Body != nil {
		var reader io.Reader = req.Body
		if ex.reads >= 0 {
			reader = io.LimitReader(reader, int64(ex.reads))
		}

		data, err := io.ReadAll(reader)
		p.Body = fmt.Sprintf("%s %v", data, err)
	}

	if ex.leaves {
		s.leave()
	}

	p.Alive = req.Context().Err() == nil

	if ex.early != nil {
		maps.Copy(rw.Header(), ex.early)
		rw.WriteHeader(http.StatusEarlyHints)
	}

	maps.Copy(rw.Header(), ex.answer.Clone())

	if ex.status != 0 {
		rw.WriteHeader(ex.status)
	}

	for _, chunk := range ex.chunks {
		n, err := io.WriteString(rw, chunk)
		if n != len(chunk) || err != nil {
			p.End += fmt.Sprintf("wrote %d of %d: %v; ", n, len(chunk), err)
		}
	}

	maps.Copy(rw.Header(), ex.trailer)

	if ex.aborts {
		panic(http.ErrAbortHandler)
	}

	if ex.panics {
		panic("the upstream's own")
	}
}

// recorder is the client's side of a ResponseWriter.
type recorder struct {
	header http.Header
	told   strings.Builder
	wrote  bool
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	r.wrote = r.wrote || status >= 200
	fmt.Fprintf(&r.told, "%d %v\n", status, r.header)
}

func (r *recorder) Write(p []byte) (int, error) {
	if !r.wrote {
		r.WriteHeader(http.StatusOK)
	}

	return r.body.Write(p)
}

// Flush is there so that a middleware can take it away, or use it.
func (r *recorder) Flush() { fmt.Fprintf(&r.told, "flushed after %d bytes\n", r.body.Len()) }

// play sends a request through a middleware.
func play(handler http.Handler, ex *exchange) *played {
	ctx, leave := context.WithCancel(context.Background())
	defer leave()

	p := &played{}
	s := &stage{exchange: ex, writer: &recorder{header: http.Header{}}, leave: leave, played: p}

	var body io.Reader = strings.NewReader(ex.body)
	if ex.noBody {
		body = nil
	}

	req, err := http.NewRequestWithContext(context.WithValue(ctx, stageKey{}, s), ex.method, "http://chat.example.org/?q=1", body)
	if err != nil {
		panic(err)
	}

	req.URL.Path = ex.path
	req.Header = ex.header.Clone()

	if req.Header == nil {
		req.Header = http.Header{} // as a server makes it
	}

	if ex.chunked {
		req.ContentLength = -1
	}

	s.request = req
	p.Panic = serve(handler, s.writer, req)
	p.Client = s.writer.told.String() + s.writer.body.String()
	p.End += fmt.Sprint(s.writer.header)

	return p
}

// serve returns what the handler panicked with.
func serve(handler http.Handler, rw http.ResponseWriter, req *http.Request) (panicked string) {
	defer func() {
		switch r := recover(); {
		case r == nil:
		case r == any(http.ErrAbortHandler):
			panicked = "http.ErrAbortHandler itself"
		default:
			panicked = fmt.Sprintf("%T %v", r, r)
		}
	}()

	handler.ServeHTTP(rw, req)

	return ""
}

// inbox is a receiver that keeps what comes, by the URL's path.
type inbox struct {
	*httptest.Server
	mu      sync.Mutex
	came    *sync.Cond
	notices map[string][]notice
	count   int
}

type notice struct {
	header http.Header
	host   string
	body   string
}

func newInbox(t *testing.T) *inbox {
	t.Helper()

	in := &inbox{notices: map[string][]notice{}}
	in.came = sync.NewCond(&in.mu)
	in.Server = httptest.NewServer(in)
	t.Cleanup(in.Close)

	return in
}

func (in *inbox) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}

	in.mu.Lock()
	in.count++
	in.notices[req.URL.Path] = append(in.notices[req.URL.Path], notice{header: req.Header, host: req.Host, body: string(body)})
	in.came.Broadcast()
	in.mu.Unlock()

	_, _ = io.WriteString(rw, "taken")
}

// takeUntil waits for the notice that holds mark, and takes it and all before.
func (in *inbox) takeUntil(path, mark string) []notice {
	in.mu.Lock()
	defer in.mu.Unlock()

	for {
		for i, n := range in.notices[path] {
			if strings.Contains(n.body, mark) {
				taken := in.notices[path][:i+1]
				in.notices[path] = in.notices[path][i+1:]

				return taken
			}
		}

		in.came.Wait()
	}
}

var (
	dated    = regexp.MustCompile(`(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d `)
	clock    = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
	randomID = regexp.MustCompile(`^msg_[0-9a-f]{32}$`)
)

// saidBy is what a log has of one middleware, without the times in it. Those of
// earlier tests may still say something, as each minute their folders are
// looked at.
func saidBy(name, text string) string {
	var out strings.Builder

	for line := range strings.Lines(dated.ReplaceAllString(text, "")) {
		if !strings.HasPrefix(line, "signupwebhook: ") || strings.HasPrefix(line, "signupwebhook: "+name+": ") {
			out.WriteString(line)
		}
	}

	return out.String()
}

// describe writes a notice without what the time or chance decides. The text
// begins with the account's id in brackets: without one, webhook-id is random.
func (n notice) describe() string {
	header := n.header.Clone()

	seconds, err := strconv.ParseInt(header.Get("Webhook-Timestamp"), 10, 64)
	if age := time.Since(time.Unix(seconds, 0)); err == nil && age > -time.Minute && age < time.Hour {
		header.Set("Webhook-Timestamp", "now")
	}

	if header["Webhook-Signature"] != nil {
		header.Set("Webhook-Signature", "a good one"+unsigned(n.header, []byte(n.body)))
	}

	if strings.Contains(n.body, "[]") && randomID.MatchString(header.Get("Webhook-Id")) {
		header.Set("Webhook-Id", "random")
	}

	return fmt.Sprintf("%s %v\n%s", n.host, header, clock.ReplaceAllString(n.body, "TIME"))
}

// variants are the options of the middlewares that exchanges are played on.
// The receiver's URL is added, or a file with it, and what else is here.
var variants = []map[string]any{
	{"message": "[{id}] {name}"},
	{"message": "[{id}] {name}|{email}|{role}|{event}|{time}", "format": "text", "timeout": "1m", "headers": map[string]any{"X-Key": " a key ", "user-agent": "own", "HOST": "other.example"}},
	{"message": "[{id}] {name}", "webhookURLFile": "here"},
	{"message": "[{id}] <b>&{name} \\ {email}", "format": "slack", "TIMEOUT": "1d", "nonsense": 1},
	{"message": "[{id}] {name} {email} {name}" + strings.Repeat(" *", 800), "format": "discord", "headers": map[string]any{"Content-Type": "application/json; charset=utf-8"}},
	{"message": "[{id}] {name} {role}", "stateDir": "here", "secret": goodSecret, "answerContains": "taken", "retryFor": "1h"},
	{"message": "[{id}] {email} {name}", "stateDir": "here", "secretFile": "here"},
}

// mark is the name in the sign-up that is played after each exchange: once it
// has come, no notice of the exchange is still to come.
const mark = "the end of this exchange"

var ending = &exchange{
	method: http.MethodPost, path: "/api/v1/auths/signup", body: "{}", reads: -1,
	answer: http.Header{"Content-Type": {"application/json"}}, chunks: []string{`{"id":"end","name":"` + mark + `"}`},
}

// Whole exchanges, each through the interpreted and the compiled plugin.
func TestExchanges(t *testing.T) {
	leavesNothing(t)
	quiet()

	plugin, out := load(t)
	in := newInbox(t)
	exchanges := exchangesOf(t)
	found := &differences{}
	alive := watch(t)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	var (
		next    atomic.Int64
		running sync.WaitGroup
	)

	for worker := range goroutines {
		pairs := make([]*pair, 0, len(variants))
		for i := range variants {
			pairs = append(pairs, newPair(ctx, t, plugin, in, fmt.Sprintf("variant-%d-%d@file", i, worker), variants[i]))
		}

		running.Go(func() {
			for {
				i := int(next.Add(1) - 1)
				if i >= len(exchanges) {
					return
				}

				if line := pairs[i%len(pairs)].compare(&exchanges[i]); line != "" {
					found.add("exchanges", func() string { return line })
				}

				alive()
			}
		})
	}

	running.Wait()
	found.report(t)
	out.checkFaults(t)
	t.Logf("%d exchanges, %d notices", len(exchanges), in.total())
}

func (in *inbox) total() int {
	in.mu.Lock()
	defer in.mu.Unlock()

	return in.count
}

// pair is one middleware twice: interpreted and compiled, under one name.
type pair struct {
	in                    *inbox
	name                  string
	interpreted, compiled http.Handler
}

func newPair(ctx context.Context, t *testing.T, plugin maker, in *inbox, name string, options map[string]any) *pair {
	t.Helper()

	build := func(m maker, side string) http.Handler {
		with := maps.Clone(options)
		address := in.URL + "/" + side + "/" + name

		if with["webhookURLFile"] == nil {
			with["webhookURL"] = address
		} else {
			file := filepath.Join(t.TempDir(), "url")
			if err := os.WriteFile(file, []byte(address+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}

			with["webhookURLFile"] = file
		}

		if with["secretFile"] != nil {
			file := filepath.Join(t.TempDir(), "secret")
			if err := os.WriteFile(file, []byte(goodSecret+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}

			with["secretFile"] = file
		}

		if with["stateDir"] != nil {
			with["stateDir"] = t.TempDir()
		}

		handler, err := m.New(ctx, http.HandlerFunc(upstream), with, name)
		if err != nil {
			t.Fatal(err)
		}

		return handler
	}

	return &pair{in: in, name: name, interpreted: build(plugin, "interpreted"), compiled: build(compiledPlugin{}, "compiled")}
}

// compare plays an exchange on both, and tells the differences.
func (p *pair) compare(ex *exchange) string {
	got, want := play(p.interpreted, ex), play(p.compiled, ex)
	gotEnd, wantEnd := play(p.interpreted, ending), play(p.compiled, ending)

	if !reflect.DeepEqual(gotEnd, wantEnd) {
		return ex.desc + ": a difference afterwards:\n" + cmp.Diff(wantEnd, gotEnd)
	}

	got.Notices, want.Notices = p.notices("interpreted"), p.notices("compiled")

	if reflect.DeepEqual(got, want) {
		return ""
	}

	return fmt.Sprintf("%s on %s: a difference (- compiled, + interpreted):\n%s\nexchange: %s", ex.desc, p.name, cmp.Diff(want, got), shortened(fmt.Sprintf("%+v", *ex)))
}

func (p *pair) notices(side string) []string {
	var described []string

	for _, n := range p.in.takeUntil(path.Join("/", side, p.name), mark) {
		described = append(described, n.describe())
	}

	return described
}

// exchangesOf are the recordings, a table, and made up ones.
func exchangesOf(t *testing.T) []exchange {
	t.Helper()

	list := recordedExchanges(t)
	list = append(list, tableOfExchanges()...)

	count := times(t, 6000)
	if raceChecked {
		count = times(t, 1000)
	}

	sure := len(list)
	g := newGenerator(1)

	for i := range count {
		ex := g.exchange(list[:sure])
		ex.desc = fmt.Sprintf("made up, number %d", i)
		list = append(list, ex)
	}

	return list
}

func recordedExchanges(t *testing.T) []exchange {
	t.Helper()

	var list []exchange

	requests := map[string]*http.Request{}
	bodies := map[string]string{}

	for _, r := range recordings(t, "request") {
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(r.data)))
		if err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}

		name := strings.TrimSuffix(r.name, ".request")
		requests[name], bodies[name] = req, r.body()
	}

	for _, r := range recordings(t, "response") {
		res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(r.data)), nil)
		if err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}

		name := strings.TrimSuffix(r.name, ".response")

		req := requests[name]
		if req == nil {
			name = "signup-unicode"
			req = requests[name]
		}

		list = append(list, exchange{
			desc: r.name, method: http.MethodPost, path: "/api/v1/auths/signup", header: req.Header, body: bodies[name],
			reads: -1, status: res.StatusCode, answer: res.Header, chunks: []string{r.body()},
		})
	}

	return list
}

func tableOfExchanges() []exchange {
	plain := func(desc string, change func(*exchange)) exchange {
		ex := exchange{
			desc: desc, method: http.MethodPost, path: "/api/v1/auths/signup",
			header: http.Header{"Content-Type": {"application/json"}, "Accept-Encoding": {"gzip, br, zstd"}},
			body:   `{"name":"Asked","email":"ASKED@example.org","password":"not-a-real-password"}`, reads: -1,
			answer: http.Header{"Content-Type": {"application/json"}, "X-Two": {"a", "b"}},
			chunks: []string{`{"id":"0001","name":"Told",`, `"email":"told@example.org","role":"user"}`},
		}
		change(&ex)

		return ex
	}

	const large = 1 << 20

	list := []exchange{
		plain("plain", func(*exchange) {}),
		plain("another path", func(ex *exchange) { ex.path = "/api/v1/auths/signin" }),
		plain("a newline behind the path", func(ex *exchange) { ex.path += "\n" }),
		plain("two newlines behind the path", func(ex *exchange) { ex.path += "\n\n" }),
		plain("another method", func(ex *exchange) { ex.method = http.MethodPut }),
		plain("no body", func(ex *exchange) { ex.noBody = true }),
		plain("an empty body", func(ex *exchange) { ex.body = "" }),
		plain("a body without a length", func(ex *exchange) { ex.chunked = true }),
		plain("a large body", func(ex *exchange) { ex.body = strings.Repeat(" ", 3*large) + ex.body }),
		plain("a body that is not read", func(ex *exchange) { ex.reads = 0 }),
		plain("a body that is read in part", func(ex *exchange) { ex.reads = 20; ex.chunks = []string{"{}"} }),
		plain("a client that leaves", func(ex *exchange) { ex.leaves = true }),
		plain("a client that leaves another path", func(ex *exchange) { ex.leaves = true; ex.path = "/" }),
		plain("early hints", func(ex *exchange) { ex.early = http.Header{"Link": {"</style.css>"}}; ex.status = 201 }),
		plain("trailers", func(ex *exchange) {
			ex.answer.Set("Trailer", "X-Sum")
			ex.trailer = http.Header{"X-Sum": {"1"}, "X-Late": {"2"}, "X-Two": {"c"}}
		}),
		plain("no content", func(ex *exchange) { ex.status = 204; ex.chunks = nil }),
		plain("nothing at all", func(ex *exchange) { ex.chunks = nil }),
		plain("an abort at once", func(ex *exchange) { ex.aborts = true; ex.chunks = nil }),
		plain("an abort after the status", func(ex *exchange) { ex.aborts = true; ex.status = 200; ex.chunks = nil }),
		plain("an abort in the middle", func(ex *exchange) { ex.aborts = true; ex.chunks = ex.chunks[:1] }),
		plain("an abort at the end", func(ex *exchange) { ex.aborts = true }),
		plain("a panic", func(ex *exchange) { ex.panics = true }),
		plain("a panic elsewhere", func(ex *exchange) { ex.panics = true; ex.path = "/" }),
		plain("gzip", func(ex *exchange) {
			ex.answer.Set("Content-Encoding", "gzip")
			ex.chunks = []string{newGenerator(2).zipped(ex.chunks[0] + ex.chunks[1])}
		}),
		plain("an encoding that cannot be read", func(ex *exchange) { ex.answer.Set("Content-Encoding", "zstd") }),
		plain("html", func(ex *exchange) { ex.answer.Set("Content-Type", "text/html"); ex.chunks = []string{"<html>"} }),
	}

	for _, size := range []int{64<<10 - 1, 64 << 10, 64<<10 + 1, large - 1, large, large + 1, 2 * large} {
		list = append(list, plain(fmt.Sprintf("an answer of %d bytes", size), func(ex *exchange) {
			start := ex.chunks[0]
			ex.chunks = []string{start, `"picture":"` + strings.Repeat("x", size-len(start)-13) + `"}`}
		}))
		list = append(list, plain(fmt.Sprintf("an answer of %d bytes, the name last", size), func(ex *exchange) {
			ex.chunks = []string{`{"picture":"`, strings.Repeat("x", size-30), `","name":"Late"}`}
		}))
	}

	for _, name := range names {
		list = append(list, plain(fmt.Sprintf("the name %.20q", name), func(ex *exchange) {
			ex.chunks = []string{`{"id":"0002","name":"` + name + `"}`}
			ex.body = `{"name":"` + name + `","email":"` + name + `"}`
		}))
	}

	for _, doc := range documents {
		list = append(list, plain(fmt.Sprintf("the answer %.30q", doc), func(ex *exchange) { ex.chunks = []string{doc} }))
		list = append(list, plain(fmt.Sprintf("the request %.30q", doc), func(ex *exchange) { ex.chunks, ex.body = []string{"{}"}, doc }))
	}

	return list
}

// exchange makes up one, now and then from one that is known.
func (g *generator) exchange(known []exchange) exchange {
	ex := pick(g, known)
	ex.answer = ex.answer.Clone()
	ex.header = ex.header.Clone()

	if g.IntN(3) > 0 {
		ex.body = g.encoded(g.document())
		ex.chunks = []string{g.document()}
		ex.answer = http.Header{"Content-Type": {pick(g, texts[7:12])}}

		if g.IntN(5) == 0 {
			ex.answer.Set("Content-Encoding", pick(g, texts[12:19]))
			ex.chunks = []string{g.zipped(ex.chunks[0])}
		}
	}

	if g.IntN(3) == 0 {
		ex.path = pick(g, texts[:7])
	}

	if g.IntN(3) == 0 {
		ex.status = pick(g, statuses)
	}

	if g.IntN(3) == 0 && len(ex.chunks) > 0 {
		chunk := ex.chunks[0]
		at := g.IntN(len(chunk) + 1)
		ex.chunks = []string{chunk[:at], chunk[at:], ""}
	}

	if g.IntN(4) == 0 {
		ex.trailer = http.Header{"X-Late": {"1"}}
	}

	ex.chunked = g.IntN(4) == 0
	ex.leaves = g.IntN(8) == 0
	ex.aborts = g.IntN(12) == 0

	if g.IntN(4) == 0 {
		ex.reads = g.IntN(100)
	}

	return ex
}

// Where no option says it, Traefik's environment does.
func TestEnvironment(t *testing.T) {
	leavesNothing(t)
	quiet()

	in := newInbox(t)
	watch(t)

	t.Setenv("WEBHOOK_URL", in.URL+"/environment")

	plugin, _ := load(t)

	describe := func(m maker) string {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()

		handler, err := m.New(ctx, http.HandlerFunc(upstream), map[string]any{}, "environment@file")
		if err != nil {
			t.Fatal(err)
		}

		play(handler, ending)

		return in.takeUntil("/environment", mark)[0].describe()
	}

	if got, want := describe(plugin), describe(compiledPlugin{}); got != want {
		t.Errorf("got: %s, want: %s", got, want)
	}
}

// What New says to every configuration, good or bad, and what it logs.
func TestConfigurations(t *testing.T) {
	leavesNothing(t)
	quiet()

	plugin, out := load(t)
	found := &differences{}
	next := http.HandlerFunc(upstream)
	g := newGenerator(3)
	good := 0
	stateDir := t.TempDir()

	_ = compiledLog.take() // of the tests before

	say := func(m maker, log *output, options map[string]any, name string) string {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()

		handler, err := m.New(ctx, next, options, name)
		if err != nil {
			return err.Error() + "\n" + saidBy(name, log.take())
		}

		good++

		if reflect.ValueOf(handler).Kind() == reflect.Func {
			return "the next handler itself\n" + saidBy(name, log.take())
		}

		return "a handler\n" + saidBy(name, log.take())
	}

	list := []map[string]any{{}, {"webhookURL": ""}, {"webhookURL": 5}, {"webhookURL": []string{"a", "b"}}, {"headers": "a,b"}, {"timeout": true}, {"message": map[string]any{"a": 1}}, {"headers": map[string]any{"A": 1, "B": true, "C": nil}}}

	count := times(t, 1000)
	if raceChecked {
		count = times(t, 300)
	}

	for range count {
		options := map[string]any{"webhookURL": "http://127.0.0.1:1/"}

		for range g.IntN(5) {
			key := pick(g, []string{"webhookURL", "webhookurl", "webhookURLFile", "message", "format", "timeout", "headers", "header", "answerContains", "secret", "secretFile", "retryFor", "stateDir"})
			if g.IntN(8) == 0 {
				key = g.text()
			}

			options[key] = g.text()

			switch {
			case key == "headers":
				options[key] = map[string]any{g.text(): g.text(), "X-Key": 1}
			case key == "secret" && g.IntN(2) == 0:
				options[key] = pick(g, secrets)
			case key == "stateDir":
				options[key] = filepath.Join(stateDir, strconv.Itoa(g.IntN(9)))
			}
		}

		list = append(list, options)
	}

	for i, options := range list {
		name := fmt.Sprintf("configured-%d@file", i)

		// Keys in two spellings are an accident of the map's order.
		if _, twice := options["webhookurl"]; twice {
			delete(options, "webhookURL")
		}

		got, want := say(plugin, out, options, name), say(compiledPlugin{}, compiledLog, options, name)
		if got != want {
			found.add("New", func() string {
				return fmt.Sprintf("New(%q): a difference (- compiled, + interpreted):\n%s", options, cmp.Diff(want, got))
			})
		}
	}

	found.report(t)

	if good == 0 || good == 2*len(list) {
		t.Errorf("configurations taken, got: %d of %d, want: some", good, 2*len(list))
	}

	t.Logf("%d configurations, %d of them taken", len(list), good/2)
}
