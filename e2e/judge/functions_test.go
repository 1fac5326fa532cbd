package judge

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// question is a call of one of the plugin's functions. The program judged has
// the same type.
type question struct {
	Package, Function string
	Args              []string
}

// judged is one function: what it is surely asked, and how more is made up.
type judged struct {
	pkg, function string
	seeds         [][]string
	fuzz          func(g *generator) []string
	// check, where it is set, says what is wrong with an answer that two
	// runs need not have in common.
	check func(args []string, answer string) string
	// rarely, where it is set, is how many times fewer questions are made up.
	rarely int
	// stalls tells that a machine that stalls for a second changes an answer,
	// so that a difference counts only if it is there again and again.
	stalls bool
}

// formats are the words of the option format.
var formats = receiver.Formats()

// receiverURLs are those that services hand out.
var receiverURLs = []string{
	"https://hooks.example/x", "https://open.feishu.cn/open-apis/bot/v2/hook/x", "https://hooks.slack.com/services/T/B/x", "https://discord.com/api/webhooks/1/t?wait=true", "https://ptb.discord.com/api/webhooks/1/t/slack", "https://discord.com./api//v10/webhooks/1/t/", "https://discord.com/api/webhooks/1/t/github",
	"https://chat.googleapis.com/v1/spaces/A/messages?key=x", "https://prod-1.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=x", "https://a.environment.api.powerplatform.com/x", "https://own.example/workflows/x/triggers/manual/paths/invoke",
	"https://api.telegram.org/bot1:x/sendMessage?chat_id=-7", "https://api.telegram.org/bot1:x/sendMessage", "https://api.telegram.org/bot1:x/sendmessage?chat_id=1&text=x&parse_mode=HTML", "https://push.example/message?token=x", "https://ntfy.sh/topic",
	"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", "https://oapi.dingtalk.com/robot/send?access_token=x", "https://open.larksuite.com/open-apis/bot/v2/hook/x",
}

// customBodies and their contentTypes are an administrator's.
var (
	customBodies = []string{`{"text":"{message}"}`, `{"who":"{name}","of":["{email}"]}`, "{message}", "{name} {nobody}", `"{message}`, "{\"index\":{}}\n{\"t\":\"{message}\"}\n", "\x1e{\"t\":\"{message}\"}\n\x1e1", "", "\n"}
	contentTypes = []string{"application/json", "application/cloudevents+json; charset=utf-8", "text/json", "application/x-json", "application/json-seq", "application/x-ndjson", "application/jsonl", "text/plain", "APPLICATION/JSON", "json", "", "a/b;;", "application/x-www-form-urlencoded"}
)

var bools = []string{"early", ""}

var errorKinds = []string{
	"dns", "dns timeout", "wrapped dns", "deadline", "canceled", "timeout", "refused", "unreachable", "no route", "proxy",
	"record", "plain http", "verification", "authority", "hostname", "eof", "wrapped", "other",
}

// functions lists everything that is asked.
func functions(t testing.TB) []judged {
	requests, answers := bodies(recordings(t, "request")), bodies(recordings(t, "response"))
	signup := "https://hooks.slack.com/services/T/B/x"
	goodConfig := []string{"http://host/", "", "{name}!", "auto", "7d", "", "X-Key", "v", "x-other", "w", "webhookUrl", "ok", goodSecret, "", "7d", "state", "", "application/json", "signup,first-seen", "7d"}

	rows := []judged{
		{pkg: "openwebui", function: "Find", seeds: pairs([]string{"POST", "GET", "post"}, append(watchedPaths, texts[:7]...), []string{"signup", strings.Join(openwebui.Events(), " "), "first-seen", ""}), fuzz: func(g *generator) []string {
			return []string{pick(g, []string{"POST", "GET"}), g.mutate(pick(g, watchedPaths)), pick(g, append(openwebui.Events(), "scim first-seen", "first-seen user-added signup"))}
		}},
		{pkg: "openwebui", function: "Events", seeds: [][]string{nil}},
		{pkg: "openwebui", function: "matches", seeds: pairs([]string{"/a", "/a/{provider}/b"}, []string{"/a", "/a/x/b", "/a//b", "/a/x/y/b", "/a/b", "/a/\n/b", "/a/x/b\n"}), fuzz: func(g *generator) []string {
			return []string{"/a/{provider}/b", g.mutate("/a/xyz/b")}
		}},
		{pkg: "openwebui", function: "glance", seeds: pairs(append(longAnswers(), documents...), []string{"", "scim"}), fuzz: func(g *generator) []string {
			return []string{strings.TrimSuffix(g.document(), "}") + `,"picture":"` + strings.Repeat("x", 4000+g.IntN(400)) + `","bio":null}`, ""}
		}},
		{pkg: "openwebui", function: "Fields", seeds: [][]string{nil}},
		{pkg: "openwebui", function: "Complete", seeds: pairs([]string{"", "name", "time", "event"}, []string{"x"}), fuzz: func(g *generator) []string {
			return []string{pick(g, []string{"name", "time", "event"}), g.text()}
		}},
		{pkg: "openwebui", function: "EventOf", seeds: eventSeeds(requests, answers), fuzz: fuzzEvent(requests, answers)},
		{pkg: "openwebui", function: "decode", seeds: singles(requests, documents), fuzz: func(g *generator) []string {
			return []string{g.encoded(g.document())}
		}},
		{pkg: "openwebui", function: "detect", seeds: singles(requests, documents, names), fuzz: func(g *generator) []string {
			return []string{g.encoded(g.document())}
		}},
		{pkg: "openwebui", function: "isObject", seeds: singles(answers, documents), fuzz: func(g *generator) []string {
			return []string{g.document()}
		}},
		{pkg: "openwebui", function: "mend", seeds: singles(answers, documents, names), fuzz: func(g *generator) []string {
			return []string{g.mutate(g.document())}
		}},
		{pkg: "openwebui", function: "unpack", seeds: pairs(texts[7:20], documents[:3]), fuzz: func(g *generator) []string {
			return []string{pick(g, []string{"gzip", "x-gzip", "GZIP "}), g.zipped(g.document())}
		}},
		{pkg: "openwebui", function: "accountOf", seeds: pairs(bools, append(append(longAnswers(), answers...), documents...), []string{"", "scim"}), fuzz: func(g *generator) []string {
			return []string{pick(g, bools), g.document(), pick(g, []string{"", "scim"})}
		}},

		{pkg: "message", function: "Clean", seeds: singles(names, texts), fuzz: func(g *generator) []string { return []string{g.name()} }},
		{pkg: "message", function: "Cut", seeds: pairs([]string{"1", "10", "200"}, names), fuzz: func(g *generator) []string {
			return []string{strconv.Itoa(1 + g.IntN(220)), g.name()}
		}},
		{pkg: "message", function: "Boundary", seeds: pairs([]string{"0", "1", "3", "200"}, names), fuzz: func(g *generator) []string {
			return []string{strconv.Itoa(g.IntN(40)), g.name() + pick(g, []string{"", "\u0301", "\u200d", "\U0001F3FF"}) + g.name()}
		}},
		{pkg: "message", function: "Parse", seeds: pairs(texts, []string{"Tim"}, []string{"signup"}), fuzz: func(g *generator) []string {
			return []string{g.template(), g.name(), g.name()}
		}},

		{pkg: "receiver", function: "Formats", seeds: [][]string{nil}},
		{pkg: "receiver", function: "Encode", seeds: slices.Concat(
			pairs(formats, []string{signup}, []string{"{name} {email}"}, names, []string{"a@b"}),
			pairs(formats, receiverURLs, []string{"{name} " + strings.Repeat("…", 3000)}, []string{"Tim"}, []string{"a@b"}),
		), fuzz: func(g *generator) []string {
			return []string{pick(g, formats), pick(g, []string{g.text(), pick(g, receiverURLs)}), g.template(), g.name(), g.name()}
		}},
		{pkg: "receiver", function: "choose", seeds: pairs(append([]string{"-"}, formats...), append(receiverURLs, texts...)), fuzz: func(g *generator) []string {
			return []string{pick(g, []string{"auto", "auto", "slack"}), g.mutate(pick(g, receiverURLs))}
		}},
		{pkg: "receiver", function: "Missing", seeds: pairs(formats, []string{"", `{"chat_id":1}`, "{}"}, receiverURLs), fuzz: func(g *generator) []string {
			return []string{pick(g, []string{"auto", "telegram"}), pick(g, customBodies), g.mutate("https://api.telegram.org/bot1:x/sendMessage?chat_id=-7&text=x")}
		}},
		{pkg: "receiver", function: "Needs", seeds: singles(formats)},
		{pkg: "receiver", function: "fit", seeds: pairs(formats, []string{"0", "1", "5", "201"}, names), fuzz: func(g *generator) []string {
			return []string{pick(g, formats), strconv.Itoa(4 + g.IntN(60)), g.name()}
		}},
		{pkg: "receiver", function: "recognises", seeds: pairs([]string{"hooks.slack.com", "discord.com", "x", "chat.googleapis.com", "api.telegram.org"}, []string{"/services/", "/", "/api/webhooks/1/slack", "/message", "/bot1/sendMessage"}, []string{"", "token=x"}), fuzz: func(g *generator) []string {
			at, err := url.Parse(pick(g, receiverURLs))
			if err != nil {
				return []string{"", "", ""}
			}

			if g.IntN(2) == 0 {
				return []string{at.Hostname(), g.mutate(at.Path), at.RawQuery}
			}

			return []string{g.mutate(at.Hostname()), at.Path, g.mutate(at.RawQuery)}
		}},
		{pkg: "receiver", function: "escape", seeds: pairs(formats, names), fuzz: func(g *generator) []string {
			return []string{pick(g, formats), g.name()}
		}},
		{pkg: "receiver", function: "Custom", seeds: pairs(customBodies, contentTypes, receiverURLs[:2], []string{"+{name}"}, names), fuzz: func(g *generator) []string {
			return []string{g.mutate(pick(g, customBodies)), pick(g, contentTypes), pick(g, receiverURLs), g.template(), g.name()}
		}},
		{pkg: "receiver", function: "Malformed", seeds: pairs(contentTypes, append(documents, customBodies...)), fuzz: func(g *generator) []string {
			return []string{g.mutate(pick(g, contentTypes)), g.document() + pick(g, []string{"", "\n"}) + g.document()}
		}},
		{pkg: "sender", function: "Request", seeds: slices.Concat(
			pairs(receiverURLs, []string{"auto", "json"}, []string{"{name}"}, []string{""}, []string{""}, []string{"", goodSecret}, names[:12]),
			pairs(receiverURLs[:2], []string{"auto", "text"}, []string{"{name}"}, customBodies, contentTypes, []string{""}, names[:5]),
		), fuzz: func(g *generator) []string {
			return []string{g.mutate(pick(g, receiverURLs)), pick(g, formats), g.text(), pick(g, append([]string{"", ""}, customBodies...)), pick(g, contentTypes), pick(g, secrets), g.name()}
		}},

		{pkg: "tally", function: "Add", seeds: singles([]string{"0", "1", "9", "10", "11", "1001"}), fuzz: func(g *generator) []string { return []string{strconv.Itoa(g.IntN(1200))} }},

		{pkg: "exchange", function: "buffer", seeds: [][]string{{"0", "1", "600", "100", "-1", "-1", "650"}}, fuzz: func(g *generator) []string {
			return g.words(20, "0", "1", "1", "7", "50", "120", "333", "600", "-1")
		}},
		{pkg: "exchange", function: "body", seeds: [][]string{{"", "1"}, {"abc", "2", "2", "2"}, {strings.Repeat("x", 70000), "65000", "0", "5000"}}, fuzz: func(g *generator) []string {
			return append([]string{strings.Repeat(g.document(), 1+g.IntN(3))}, g.words(6, "1", "17", "500", "4000")...)
		}},
		{pkg: "exchange", function: "answer", seeds: [][]string{
			nil,
			{"status 103", "header Link", "status 200", "write {}", "header Late"},
			{"header A", "status 201", "header B", "remove A", "write a", "write b"},
			{"status 404", "write no"},
			{"status 101"},
			{"large 1048576"},
			{"header A", "write a", "abort"},
			{"header Content-Length", "write a", "abort"},
			{"large 1048570", "write and more", "write and more"},
			{"large 1048577", "write and more"},
		}, fuzz: fuzzAnswer},
		{pkg: "exchange", function: "stream", seeds: [][]string{
			nil,
			{"status 103", "header Link", "status 200", "write {}", "header Late"},
			{"status 404", "write no"},
			{"status 200", "status 500", "write a", "write b"},
			{"large 65535", "write a", "write b"},
			{"large 65537", "write and more"},
			{"large 40000", "large 40000", "write and more"},
			{"early", "header Content-Type", "write a", "write b"},
			{"early", "enough", "write a", "write b"},
			{"early", "enough", "large 65537", "write and more"},
			{"early", "status 404", "write a"},
			{"early", "write ", "write a"},
		}, fuzz: func(g *generator) []string {
			return append(g.words(2, "early", "enough"), fuzzAnswer(g)...)
		}},

		{pkg: "config", function: "Check", seeds: configSeeds(goodConfig), fuzz: func(g *generator) []string {
			args := append([]string(nil), goodConfig...)
			for range g.IntN(4) {
				args[g.IntN(len(args))] = g.text()
			}

			if args[6] == args[8] {
				args[8] += "-"
			}

			return args
		}},
		{pkg: "config", function: "parseURL", seeds: singles(texts), fuzz: func(g *generator) []string { return []string{g.text()} }},
		{pkg: "config", function: "parseDuration", seeds: singles(texts), fuzz: func(g *generator) []string { return []string{g.text()} }},
		{pkg: "config", function: "parseLearnFor", seeds: singles(texts), fuzz: func(g *generator) []string { return []string{g.text()} }},
		{pkg: "config", function: "parseEvents", seeds: pairs([]string{"", "signup", " scim ,signup", "scim,scim", "first-seen", "user-added,first-seen,", strings.Join(openwebui.Events(), ","), "SignUp"}, []string{"", "state"}), fuzz: func(g *generator) []string {
			return []string{strings.Join(g.words(4, append(openwebui.Events(), " scim", "other", "")...), ","), pick(g, []string{"", "state"})}
		}},
		{pkg: "config", function: "distance", seeds: pairs(texts[len(texts)-30:], []string{"webhookurl", "", "timeout"}), fuzz: func(g *generator) []string {
			return []string{g.mutate("webhookurl"), g.mutate("webhookurlfile")}
		}},
		{pkg: "config", function: "resembling", seeds: singles(texts), fuzz: func(g *generator) []string {
			return []string{g.mutate(pick(g, []string{"webhookURL", "message", "format", "headers", "timeout", "webhookURLFile", "answerContains", "secret", "secretFile", "retryFor", "stateDir", "body", "contentType"}))}
		}},
	}

	rows = append(rows, deliveryFunctions()...)

	// Who looks for what was planted need not look elsewhere.
	if pkg := plantedPackage(); pkg != "" {
		rows = slices.DeleteFunc(rows, func(row judged) bool { return row.pkg != pkg })
	}

	return rows
}

// Every function, with thousands of inputs, from eight goroutines at once.
func TestFunctions(t *testing.T) {
	leavesNothing(t)

	gopath, module := copied(t)
	withoutChance(t, filepath.Join(gopath, "src", module))

	rows := functions(t)
	found := &differences{}
	compiled := buildCompiled(t, filepath.Join(gopath, "src", module))
	ask := openInterpreted(t, gopath, module, rows)
	alive := watch(t)

	// The first run of each path fills the interpreter's caches of types,
	// which it does not lock.
	known := knownQuestions(rows)
	for i, want := range compiled(known) {
		found.judge(rows, known[i], want, ask, compiled)
		alive()

		// One difference is enough where one is wanted.
		if plantedPackage() != "" && len(found.lines) > 0 {
			found.report(t)
			return
		}
	}

	// Race-checked, all takes ten times as long, and what is computed is
	// compared without.
	fuzzed, each := times(t, 2000), 1
	if raceChecked {
		fuzzed, each = times(t, 200), 4
	}

	// In rounds, since all questions and answers of one are in memory.
	const most = 2000

	total := len(known)

	for round := 0; round*most < fuzzed; round++ {
		questions := moreQuestions(rows, round, min(most, fuzzed-round*most))
		if round == 0 {
			for i := 0; i < len(known); i += each {
				questions = append(questions, known[i])
			}
		}

		newGenerator(0).Shuffle(len(questions), func(i, j int) { questions[i], questions[j] = questions[j], questions[i] })

		expected := compiled(questions)
		alive()

		inParallel(len(questions), func(i int) {
			found.judge(rows, questions[i], expected[i], ask, compiled)
			alive()
		})

		total += len(questions)
	}

	found.report(t)
	t.Logf("%d functions of %d packages, %d questions, %d of them from %d goroutines", len(rows), len(countPackages(rows)), total, total-len(known), goroutines)
}

// inParallel calls do with each number below n.
func inParallel(n int, do func(i int)) {
	var (
		next    atomic.Int64
		running sync.WaitGroup
	)

	for range goroutines {
		running.Go(func() {
			for i := int(next.Add(1) - 1); i < n; i = int(next.Add(1) - 1) {
				do(i)
			}
		})
	}

	running.Wait()
}

// A package that nobody judges would be believed.
func TestEveryPackageIsJudged(t *testing.T) {
	gopath, module := copied(t)
	asked := countPackages(functions(t))

	for _, pkg := range packagesOf(t, filepath.Join(gopath, "src", module)) {
		name := path.Base(path.Join(module, pkg))

		t.Run(name, func(t *testing.T) {
			if asked[name] == 0 {
				t.Errorf("functions of the package %s that are judged, got: 0, want: some (add a bridge for it to %s, and rows)", name, bridge)
			}

			interpreter, err := interp.Open(gopath, t.Output(), t.Output())
			if err != nil {
				t.Fatal(err)
			}

			if err := interp.Import(interpreter, path.Join(module, pkg)); err != nil {
				t.Error(err)
			}
		})
	}
}

// What a package says must not change what those that are loaded after it
// compute. A nil in a literal of the wrong kind does.
func TestOrderOfLoading(t *testing.T) {
	gopath, module := copied(t)
	compiled := buildCompiled(t, filepath.Join(gopath, "src", module))
	last := question{"schedule", "play", plays[0]}
	want := compiled([]question{last})[0]

	for pkg := range countPackages(functions(t)) {
		t.Run(pkg, func(t *testing.T) {
			interpreter, err := interp.Open(gopath, t.Output(), t.Output())
			if err != nil {
				t.Fatal(err)
			}

			full := path.Join(module, "internal", pkg)
			if pkg == path.Base(module) {
				full = module
			}

			for _, name := range []string{full, path.Join(module, "internal", "schedule")} {
				if err := interp.Import(interpreter, name); err != nil {
					t.Fatal(err)
				}
			}

			entry, err := interpreter.Eval("schedule.Judge")
			if err != nil {
				t.Fatal(err)
			}

			if got := guarded(entry.Interface().(func(string, []string) string), last); got != want {
				t.Errorf("a schedule loaded after %s, got: %s, want: %s", pkg, got, want)
			}
		})
	}
}

func countPackages(rows []judged) map[string]int {
	count := map[string]int{}
	for _, row := range rows {
		count[row.pkg]++
	}

	return count
}

// knownQuestions are the seeds of all functions.
func knownQuestions(rows []judged) []question {
	var known []question

	for _, row := range rows {
		for _, args := range row.seeds {
			known = append(known, question{row.pkg, row.function, args})
		}
	}

	return known
}

// moreQuestions makes up that many for each function, others in each round.
func moreQuestions(rows []judged, round, each int) []question {
	var more []question

	for i, row := range rows {
		if row.fuzz == nil {
			continue
		}

		g := newGenerator(uint64(round*len(rows) + i))
		for range each / max(1, row.rarely) {
			more = append(more, question{row.pkg, row.function, row.fuzz(g)})
		}
	}

	return more
}

// buildCompiled builds the program judged from the same copy of the source
// that is interpreted, and gives the function that asks it.
func buildCompiled(t testing.TB, dir string) func([]question) []string {
	t.Helper()

	program := filepath.Join(t.TempDir(), "judged")
	build := exec.Command("go", "build", "-o", program, "./judged")
	build.Dir = dir
	// The vendor folder is enough.
	build.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOPROXY=off", "GOWORK=off")

	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the copy does not compile: %v\n%s", err, out)
	}

	return func(questions []question) []string {
		t.Helper()

		var in, out bytes.Buffer
		if err := gob.NewEncoder(&in).Encode(questions); err != nil {
			t.Fatal(err)
		}

		run := exec.Command(program)
		run.Stdin, run.Stdout, run.Stderr = &in, &out, t.Output()

		if err := run.Run(); err != nil {
			t.Fatalf("the compiled packages: %v", err)
		}

		var answers []string
		if err := gob.NewDecoder(&out).Decode(&answers); err != nil {
			t.Fatal(err)
		}

		if len(answers) != len(questions) {
			t.Fatalf("compiled answers, got: %d, want: %d", len(answers), len(questions))
		}

		return answers
	}
}

// openInterpreted loads each package that is asked.
func openInterpreted(t testing.TB, gopath, module string, rows []judged) func(question) string {
	t.Helper()

	interpreter, err := interp.Open(gopath, &output{}, &output{})
	if err != nil {
		t.Fatal(err)
	}

	entries := map[string]func(string, []string) string{}

	for pkg := range countPackages(rows) {
		full := module
		if pkg != path.Base(module) {
			full = path.Join(module, "internal", pkg)
		}

		if err := interp.Import(interpreter, full); err != nil {
			t.Fatal(err)
		}

		entry, err := interpreter.Eval(pkg + ".Judge")
		if err != nil {
			t.Fatal(err)
		}

		entries[pkg] = entry.Interface().(func(string, []string) string)
	}

	return func(q question) string { return guarded(entries[q.Package], q) }
}

func guarded(entry func(string, []string) string, q question) (answer string) {
	defer func() {
		if r := recover(); r != nil {
			answer = fmt.Sprint("panic: ", r)
		}
	}()

	return entry(q.Function, q.Args)
}

// differences are what the judge found, the first few of each function.
type differences struct {
	mu    sync.Mutex
	lines []string
	count map[string]int
}

// judge asks the interpreted function, and again both where a machine that
// stalls may have made the difference.
func (d *differences) judge(rows []judged, q question, want string, ask func(question) string, compiled func([]question) []string) {
	got := ask(q)
	for range 2 {
		if got != want && rowOf(rows, q).stalls {
			got, want = ask(q), compiled([]question{q})[0]
		}
	}

	d.compare(rows, q, got, want)
}

func (d *differences) compare(rows []judged, q question, got, want string) {
	problem := ""

	switch check := rowOf(rows, q).check; {
	case strings.HasPrefix(got, "panic: ") || strings.HasPrefix(want, "panic: "):
		problem = "a panic"
	case check != nil:
		problem = check(q.Args, got)
		if problem == "" {
			problem = check(q.Args, want)
		}
	case got != want:
		problem = "a difference"
	case strings.HasPrefix(got, "no function "):
		problem = "no such function in the bridge"
	}

	if problem == "" {
		return
	}

	d.add(q.Package+"."+q.Function, func() string {
		return fmt.Sprintf("%s.%s(%s): %s (- compiled, + interpreted):\n%s", q.Package, q.Function, shown(q.Args), problem, cmp.Diff(want, got))
	})
}

func (d *differences) add(kind string, line func() string) {
	const most = 3

	d.mu.Lock()
	defer d.mu.Unlock()

	if d.count == nil {
		d.count = map[string]int{}
	}

	d.count[kind]++
	if d.count[kind] <= most {
		d.lines = append(d.lines, line())
	}
}

func (d *differences) report(t *testing.T) {
	t.Helper()

	for _, line := range d.lines {
		t.Error(line)
	}

	for kind, count := range d.count {
		t.Errorf("%s, differences, got: %d, want: 0", kind, count)
	}
}

func rowOf(rows []judged, q question) *judged {
	for i := range rows {
		if rows[i].pkg == q.Package && rows[i].function == q.Function {
			return &rows[i]
		}
	}

	return &judged{}
}

func shown(args []string) string {
	quoted := make([]string, 0, len(args))
	for _, arg := range args {
		quoted = append(quoted, shortened(strconv.Quote(arg)))
	}

	return strings.Join(quoted, ", ")
}

func shortened(text string) string {
	const most = 1000
	if len(text) > most {
		return fmt.Sprintf("%s… (%d bytes)", text[:most], len(text))
	}

	return text
}

func bodies(recorded []recording) []string {
	found := make([]string, 0, len(recorded))
	for _, r := range recorded {
		found = append(found, r.body())
	}

	return found
}

func words(numbers []int) []string {
	list := make([]string, 0, len(numbers))
	for _, number := range numbers {
		list = append(list, strconv.Itoa(number))
	}

	return list
}

func fuzzNumber(end int) func(g *generator) []string {
	return func(g *generator) []string { return []string{strconv.Itoa(g.IntN(end))} }
}

func singles(lists ...[]string) [][]string {
	var all [][]string

	for _, list := range lists {
		for _, word := range list {
			all = append(all, []string{word})
		}
	}

	return all
}

// pairs combines each word of each list with each of the others.
func pairs(lists ...[]string) [][]string {
	all := [][]string{nil}

	for _, list := range lists {
		var longer [][]string

		for _, start := range all {
			for _, word := range list {
				longer = append(longer, append(start[:len(start):len(start)], word))
			}
		}

		all = longer
	}

	return all
}

func (g *generator) words(most int, from ...string) []string {
	list := make([]string, 0, most)
	for range g.IntN(most) {
		list = append(list, pick(g, from))
	}

	return list
}

func (g *generator) template() string {
	template := ""
	for range g.IntN(5) {
		template += pick(g, []string{"{name}", "{email}", "{event}", "{nobody}", "{Name}", "{", "}", " \\", "&", "…", "ü", strings.Repeat("x", 700)})
	}

	if g.IntN(3) == 0 {
		return g.text()
	}

	return template
}

func fuzzAnswer(g *generator) []string {
	return g.words(8, "header A", "header B", "remove A", "status 103", "status 200", "status 201", "status 404", "write", "write x", "write yz", "large 40000", "large 70000", "abort")
}

// Which request was answered.
const signupDoor = "POST /api/v1/auths/signup"

var otherDoors = []string{"POST /api/v1/auths/add", "POST /api/v1/scim/v2/Users", "GET /api/v1/auths/"}

var watchedPaths = []string{
	"/api/v1/auths/add", "/api/v1/scim/v2/Users", "/api/v1/scim/v2/Users\n", "/api/v1/auths/", "/api/v1/auths/\n", "/api/v1/auths/signin", "/api/v1/auths/ldap",
	"/api/v1/auths/mfa/enroll/confirm", "/api/v1/auths/mfa/verify", "/api/v1/auths/oauth/oidc/token/exchange", "/api/v1/auths/oauth/a\n%\u00f6/token/exchange\n", "/api/v1/auths/oauth//token/exchange", "/api/v1/auths/oauth/a/b/token/exchange",
}

// longAnswers have pictures, before or behind what is looked for.
func longAnswers() []string {
	picture := strings.Repeat("x", 70000)

	return []string{
		`{"status_emoji":null,"id":"1","name":"Tim","role":"user","email":"t@x","picture":"` + picture[:5000] + `","bio":null}`,
		`{"id":"1","name":"Tim","role":"user","email":"t@x","picture":"` + picture[:65000],
		`{"id":"1","name":"Tim","role":"user","email":"t` + picture[:5000] + `"}`,
		`{"picture":"` + picture[:5000] + `","id":"1","name":"Tim","role":"user","email":"t@x"}`,
		`{"id":"1","photos":[{"value":"` + picture + `"}],"name":{"formatted":"Sam"},"emails":[{"value":"s@x"},{"value":"t@x"}]}`,
		`{"id":"1","displayName":"\u200b","name":{"formatted":"Sam"},"userName":"s@x"}`,
		`{"id":"1","displayName":7,"emails":{"0":{"value":"s@x"}}}`,
	}
}

// eventSeeds are exchanges: a status, content type and encoding, the answer's
// body and the request's, and which request it was.
// parts say how much of an answer is seen: all of it, or one that broke off; its
// first piece; as much as is kept.
var parts = []string{"", "early", "long"}

func eventSeeds(requests, answers []string) [][]string {
	seeds := [][]string{}

	for _, answer := range append(answers, documents...) {
		for _, encoding := range []string{"", "gzip", "br"} {
			seeds = append(seeds, []string{"200", "application/json", encoding, answer, requests[len(seeds)%len(requests)], signupDoor, ""})
		}
	}

	for _, request := range append(requests, documents...) {
		seeds = append(seeds, []string{"200", "application/json", "", `{"next_step":"pending"}`, request, signupDoor, ""})
	}

	for i, answer := range append(longAnswers(), append(answers, documents...)...) {
		for j, door := range otherDoors {
			seeds = append(seeds, []string{pick(newGenerator(uint64(i)), []string{"200", "201"}), "application/json", "", answer, requests[i%len(requests)], door, parts[(i+j)%len(parts)]})
		}
	}

	return append(seeds, []string{"200", "text/html", "zstd", "x", "", signupDoor, ""}, []string{"400", "application/json", "", `{"name":"x"}`, "", signupDoor, ""})
}

func fuzzEvent(requests, answers []string) func(g *generator) []string {
	return func(g *generator) []string {
		answer := g.document()
		if g.IntN(6) == 0 {
			answer = g.mutate(pick(g, answers))
		}

		encoding := ""

		switch g.IntN(6) {
		case 0:
			encoding, answer = "gzip", g.zipped(answer)
		case 1:
			encoding = pick(g, []string{"identity", "br", "gzip", "x"})
		}

		request := g.encoded(g.document())
		if g.IntN(6) == 0 {
			request = g.mutate(pick(g, requests))
		}

		return []string{strconv.Itoa(pick(g, statuses[:8])), pick(g, texts[7:12]), encoding, answer, request, pick(g, append(otherDoors, signupDoor)), pick(g, parts)}
	}
}

// configSeeds are a good configuration with one option after another replaced.
func configSeeds(good []string) [][]string {
	seeds := [][]string{good}

	for i, text := range texts {
		// Each text at some places, and all of them at random.
		for at := i % 3; at < len(good); at += 3 {
			args := append([]string(nil), good...)
			args[at] = text

			// Which of two equal keys a map keeps is decided before.
			if args[6] != args[8] {
				seeds = append(seeds, args)
			}
		}
	}

	return seeds
}
