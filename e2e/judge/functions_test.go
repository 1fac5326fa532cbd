package judge

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
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
}

var bools = []string{"early", ""}

var errorKinds = []string{
	"dns", "dns timeout", "wrapped dns", "deadline", "canceled", "timeout", "refused", "unreachable", "no route", "proxy",
	"record", "plain http", "verification", "authority", "hostname", "eof", "wrapped", "other",
}

// functions lists everything that is asked.
func functions(t testing.TB) []judged {
	requests, answers := bodies(recordings(t, "request")), bodies(recordings(t, "response"))
	signup := "https://hooks.slack.com/services/T/B/x"
	goodConfig := []string{"http://host/", "", "{name}!", "auto", "7d", "", "X-Key", "v", "x-other", "w", "webhookUrl"}

	return []judged{
		{"openwebui", "Find", pairs([]string{"POST", "GET", "post"}, texts[:7]), func(g *generator) []string {
			return []string{pick(g, []string{"POST", "GET"}), g.text()}
		}, nil},
		{"openwebui", "Fields", [][]string{nil}, nil, nil},
		{"openwebui", "EventOf", eventSeeds(requests, answers), fuzzEvent(requests, answers), nil},
		{"openwebui", "decode", singles(requests, documents), func(g *generator) []string {
			return []string{g.encoded(g.document())}
		}, nil},
		{"openwebui", "detect", singles(requests, documents, names), func(g *generator) []string {
			return []string{g.encoded(g.document())}
		}, nil},
		{"openwebui", "isObject", singles(answers, documents), func(g *generator) []string {
			return []string{g.document()}
		}, nil},
		{"openwebui", "mend", singles(answers, documents, names), func(g *generator) []string {
			return []string{g.mutate(g.document())}
		}, nil},
		{"openwebui", "unpack", pairs(texts[7:20], documents[:3]), func(g *generator) []string {
			return []string{pick(g, []string{"gzip", "x-gzip", "GZIP "}), g.zipped(g.document())}
		}, nil},
		{"openwebui", "accountOf", pairs(bools, append(answers, documents...)), func(g *generator) []string {
			return []string{pick(g, bools), g.document()}
		}, nil},

		{"message", "Clean", singles(names, texts), func(g *generator) []string { return []string{g.name()} }, nil},
		{"message", "Cut", pairs([]string{"1", "10", "200"}, names), func(g *generator) []string {
			return []string{strconv.Itoa(1 + g.IntN(220)), g.name()}
		}, nil},
		{"message", "Parse", pairs(texts, []string{"Tim"}, []string{"signup"}), func(g *generator) []string {
			return []string{g.template(), g.name(), g.name()}
		}, nil},

		{"receiver", "Formats", [][]string{nil}, nil, nil},
		{"receiver", "Encode", pairs([]string{"auto", "text", "slack", "discord"}, []string{signup}, []string{"{name} {email}"}, names, []string{"a@b"}), func(g *generator) []string {
			return []string{pick(g, []string{"auto", "text", "slack", "discord"}), g.text(), g.template(), g.name(), g.name()}
		}, nil},
		{"receiver", "choose", pairs([]string{"auto", "text", "slack", "discord", "-"}, texts), func(g *generator) []string {
			return []string{pick(g, []string{"auto", "slack"}), g.text()}
		}, nil},
		{"receiver", "fit", pairs([]string{"0", "1", "5", "201"}, names), func(g *generator) []string {
			return []string{strconv.Itoa(1 + g.IntN(60)), g.name()}
		}, nil},
		{"receiver", "isSlack", pairs([]string{"hooks.slack.com", "discord.com", "x"}, []string{"/services/", "/", "/api/webhooks/1/slack"}), func(g *generator) []string {
			return []string{pick(g, []string{"hooks.slack.com", "hooks.slack-gov.com", "ptb.discord.com"}), g.mutate("/triggers/x/slack")}
		}, nil},
		{"receiver", "isDiscord", pairs([]string{"canary.discord.com", "discord.com", "x"}, []string{"/api/webhooks/", "/"}), func(g *generator) []string {
			return []string{g.mutate("discordapp.com"), g.mutate("/api/webhooks/1")}
		}, nil},
		{"receiver", "escape", pairs([]string{"text", "slack", "discord"}, names), func(g *generator) []string {
			return []string{pick(g, []string{"text", "slack", "discord"}), g.name()}
		}, nil},

		{"delivery", "Backoff", pairs([]string{"-1", "0", "1", "2", "9", "10", "1000"}, []string{"0", "-5", "1500000000"}), func(g *generator) []string {
			return []string{strconv.Itoa(g.IntN(20)), strconv.Itoa(g.IntN(2) * g.IntN(1e9))}
		}, checkBackoff},
		{"delivery", "retryAfter", singles(texts), func(g *generator) []string { return []string{g.text()} }, nil},
		{"delivery", "verdictOf", singles(words(statuses)), fuzzNumber(700), nil},
		{"delivery", "explainStatus", singles(words(statuses)), fuzzNumber(700), nil},
		{"delivery", "explainError", pairs(errorKinds, []string{"no such host", "connection refused", ""}), func(g *generator) []string {
			return []string{pick(g, errorKinds), g.text()}
		}, nil},
		{"delivery", "judge", pairs(words(statuses), []string{"", "1"}), func(g *generator) []string {
			return []string{strconv.Itoa(pick(g, statuses)), g.text()}
		}, nil},
		{"delivery", "Post", pairs(append(errorKinds, ""), []string{"text"}, []string{"200", "302", "404", "429", "503"}, []string{"2"}, []string{"/p"}, []string{"body"}), func(g *generator) []string {
			return []string{pick(g, append(errorKinds, "", "", "")), g.text(), strconv.Itoa(pick(g, statuses)), g.text(), "/" + g.name(), g.name()}
		}, nil},

		{"outbox", "Memory", [][]string{{"remove", "refuse", "add", "refuse", "add", "delay", "delay", "add", "remove"}, {"fill", "add", "remove", "add", "add", "refuse"}}, func(g *generator) []string {
			return g.words(30, "add", "add", "remove", "refuse", "refuse", "delay")
		}, nil},
		{"tally", "Add", singles([]string{"0", "1", "9", "10", "11", "1001"}), func(g *generator) []string { return []string{strconv.Itoa(g.IntN(1200))} }, nil},

		{"exchange", "buffer", [][]string{{"0", "1", "600", "100", "-1", "-1", "650"}}, func(g *generator) []string {
			return g.words(20, "0", "1", "1", "7", "50", "120", "333", "600", "-1")
		}, nil},
		{"exchange", "body", [][]string{{"", "1"}, {"abc", "2", "2", "2"}, {strings.Repeat("x", 70000), "65000", "0", "5000"}}, func(g *generator) []string {
			return append([]string{strings.Repeat(g.document(), 1+g.IntN(3))}, g.words(6, "1", "17", "500", "4000")...)
		}, nil},
		{"exchange", "answer", [][]string{
			nil,
			{"status 103", "header Link", "status 200", "write {}", "header Late"},
			{"header A", "status 201", "header B", "remove A", "write a", "write b"},
			{"status 404", "write no"},
			{"status 101"},
			{"large 1048576"},
			{"large 1048570", "write and more", "write and more"},
			{"large 1048577", "write and more"},
		}, func(g *generator) []string {
			return g.words(8, "header A", "header B", "remove A", "status 103", "status 200", "status 201", "status 404", "write", "write x", "write yz", "large 40000", "large 70000")
		}, nil},

		{"signupwebhook", "check", configSeeds(goodConfig), func(g *generator) []string {
			args := append([]string(nil), goodConfig...)
			for range g.IntN(4) {
				args[g.IntN(len(args))] = g.text()
			}

			if args[6] == args[8] {
				args[8] += "-"
			}

			return args
		}, nil},
		{"signupwebhook", "parseURL", singles(texts), func(g *generator) []string { return []string{g.text()} }, nil},
		{"signupwebhook", "parseDuration", singles(texts), func(g *generator) []string { return []string{g.text()} }, nil},
		{"signupwebhook", "distance", pairs(texts[len(texts)-30:], []string{"webhookurl", "", "timeout"}), func(g *generator) []string {
			return []string{g.mutate("webhookurl"), g.mutate("webhookurlfile")}
		}, nil},
		{"signupwebhook", "resembling", singles(texts), func(g *generator) []string {
			return []string{g.mutate(pick(g, []string{"webhookURL", "message", "format", "headers", "timeout", "webhookURLFile"}))}
		}, nil},
		{"signupwebhook", "webhookID", pairs([]string{"a@file", "b@docker"}, names[1:]), func(g *generator) []string { return []string{g.name(), "x" + g.name()} }, nil},
		{"signupwebhook", "powerOfTwo", singles([]string{"0", "1", "2", "3", "1024"}), fuzzNumber(70), nil},
	}
}

// Every function, with thousands of inputs, from eight goroutines at once.
func TestFunctions(t *testing.T) {
	leavesNothing(t)

	gopath, module := copied(t)
	rows := functions(t)
	found := &differences{}
	compiled := buildCompiled(t, filepath.Join(gopath, "src", module))
	ask := openInterpreted(t, gopath, module, rows)
	alive := watch(t)

	// The first run of each path fills the interpreter's caches of types,
	// which it does not lock.
	known := knownQuestions(rows)
	for i, want := range compiled(known) {
		found.compare(rows, known[i], ask(known[i]), want)
		alive()
	}

	fuzzed := times(t, 2000)
	if raceChecked {
		fuzzed = times(t, 400)
	}

	// In rounds, since all questions and answers of one are in memory.
	const most = 2000

	total := len(known)

	for round := 0; round*most < fuzzed; round++ {
		questions := moreQuestions(rows, round, min(most, fuzzed-round*most))
		if round == 0 {
			questions = append(questions, known...)
		}

		newGenerator(0).Shuffle(len(questions), func(i, j int) { questions[i], questions[j] = questions[j], questions[i] })

		expected := compiled(questions)
		alive()

		inParallel(len(questions), func(i int) {
			found.compare(rows, questions[i], ask(questions[i]), expected[i])
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
		for range each {
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

func (d *differences) compare(rows []judged, q question, got, want string) {
	problem := ""

	switch check := checkOf(rows, q); {
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

func checkOf(rows []judged, q question) func([]string, string) string {
	for _, row := range rows {
		if row.pkg == q.Package && row.function == q.Function {
			return row.check
		}
	}

	return nil
}

func checkBackoff(args []string, answer string) string {
	failures, _ := strconv.Atoi(args[0])
	wish, _ := strconv.Atoi(args[1])

	got, err := strconv.ParseInt(answer, 10, 64)
	if err != nil {
		return "no number"
	}

	ceiling := 5 * time.Minute
	if failures < 10 {
		ceiling = min(ceiling, time.Second<<max(0, failures-1))
	}

	switch {
	case wish > 0 && got != int64(wish):
		return "not the receiver's wish"
	case wish <= 0 && (got <= 0 || time.Duration(got) > ceiling+time.Millisecond):
		return "out of bounds"
	}

	return ""
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

// eventSeeds are exchanges: a status, content type and encoding, the answer's
// body and the request's.
func eventSeeds(requests, answers []string) [][]string {
	seeds := [][]string{}

	for _, answer := range append(answers, documents...) {
		for _, encoding := range []string{"", "gzip", "br"} {
			seeds = append(seeds, []string{"200", "application/json", encoding, answer, requests[len(seeds)%len(requests)]})
		}
	}

	for _, request := range append(requests, documents...) {
		seeds = append(seeds, []string{"200", "application/json", "", `{"next_step":"pending"}`, request})
	}

	return append(seeds, []string{"200", "text/html", "zstd", "x", ""}, []string{"400", "application/json", "", `{"name":"x"}`, ""})
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

		return []string{strconv.Itoa(pick(g, statuses[:8])), pick(g, texts[7:12]), encoding, answer, request}
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
