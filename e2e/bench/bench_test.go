package main

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
	"gonum.org/v1/plot/plotter"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

func TestSpread(t *testing.T) {
	tests := []struct {
		desc   string
		values []float64
		want   spread[float64]
	}{
		{desc: "one", values: []float64{3}, want: spread[float64]{3, 3, 3}},
		{desc: "the middle half, in any order", values: []float64{9, 1, 3, 5, 2, 4, 7, 8, 6}, want: spread[float64]{5, 3, 7}},
		{desc: "one that is far off moves nothing", values: []float64{1, 1, 1, 1, 100}, want: spread[float64]{1, 1, 1}},
	}

	for _, test := range tests {
		if got := spreadOf(test.values); got != test.want {
			t.Errorf("%s: got: %v, want: %v", test.desc, got, test.want)
		}
	}

	if got := ratios([]float64{2, 6, 20}, []float64{1, 2, 5}); got.median != 3 {
		t.Errorf("got: %v, want: the median of the rounds' ratios, 3", got)
	}
}

// TestBottleneck shows what the generator may do.
func TestBottleneck(t *testing.T) {
	begin := time.Now()

	// at are departures at 100 a second, of which those from a place on are late.
	at := func(count, from int, by time.Duration) []departure {
		var all []departure

		for i := range count {
			d := departure{seq: uint64(i), at: begin.Add(time.Duration(i) * 10 * time.Millisecond)}
			if i >= from {
				d.at = d.at.Add(by)
			}

			all = append(all, d)
		}

		return all
	}

	atSaturation := func(underWay float64) *vegeta.Metrics {
		return &vegeta.Metrics{Duration: time.Second, Latencies: vegeta.LatencyMetrics{Total: time.Duration(underWay * float64(time.Second))}}
	}

	standing := atSaturation(workers)
	standing.Latencies.Max = time.Second / 2

	steady := load{rate: 100, lasting: time.Second}

	tests := []struct {
		desc       string
		load       load
		m          *vegeta.Metrics
		departures []departure
		making     time.Duration
		busy       time.Duration
		want       string
	}{
		{desc: "in time", load: steady, m: atSaturation(1), departures: at(100, 100, 0)},
		{desc: "a little late", load: steady, m: atSaturation(1), departures: at(100, 50, 15*time.Millisecond)},
		{desc: "few of them late", load: steady, m: atSaturation(1), departures: at(100, 96, time.Second)},
		{desc: "slow to make", load: steady, m: atSaturation(1), departures: at(100, 100, 0), making: time.Second / 2, want: "to make the requests took it"},
		{desc: "slow to make, at saturation", m: atSaturation(workers), making: 25 * time.Second, busy: time.Second, want: "to make the requests took it"},
		{desc: "half of them late", load: steady, m: atSaturation(1), departures: at(100, 50, 500*time.Millisecond), want: "50 of 100 requests left more than 20ms late"},
		{desc: "stopped until the end, so that most never leave", load: steady, m: atSaturation(1), departures: at(40, 40, 0), want: "of 100 requests 40 left"},
		{desc: "no more sign-ups than wait in memory", load: load{rate: 100, lasting: time.Hour, notices: newInbox()}, m: atSaturation(1), departures: at(most, most, 0)},
		{desc: "saturated", m: atSaturation(workers), busy: time.Second},
		{desc: "workers that wait for each other", m: atSaturation(1), busy: time.Second, want: "1.0 waited for an answer"},
		{desc: "all stopped for half of it", m: standing, busy: time.Second / 2, want: "all stood still for 500ms"},
		{desc: "a Traefik that idles", m: atSaturation(workers), busy: time.Second / 4, want: "25 % of a core"},
	}

	for _, test := range tests {
		err := bottleneck(test.load, test.m, test.departures, test.making, test.busy)
		if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, errDisturbed) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got: %v, want: %q", test.desc, err, test.want)
		}
	}
}

// TestOutpaced shows how quick the generator has to be by itself.
func TestOutpaced(t *testing.T) {
	taking := func(latencies ...time.Duration) []sample {
		var all []sample
		for _, latency := range latencies {
			all = append(all, sample{p50: latency * time.Millisecond, throughput: 100})
		}

		return all
	}

	reaching := func(throughputs ...float64) []sample {
		var all []sample
		for _, throughput := range throughputs {
			all = append(all, sample{p50: time.Millisecond, throughput: throughput})
		}

		return all
	}

	tests := []struct {
		desc           string
		rate           int
		alone, between []sample
		want           string
	}{
		{desc: "half of the time", rate: 100, alone: taking(1), between: taking(2)},
		{desc: "slow in one round", rate: 100, alone: taking(1, 10, 1), between: taking(2, 11, 2)},
		{desc: "a client that waits before each request", rate: 100, alone: taking(6), between: taking(7), want: "86 % of the time"},
		{desc: "twice as many at saturation", alone: reaching(20_000), between: reaching(10_000)},
		{desc: "a client that has too much to do", alone: reaching(6000), between: reaching(4500), want: "75 % of the time"},
	}

	for _, test := range tests {
		err := outpaced(test.rate, test.alone, test.between)
		if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, errRefused) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got: %v, want: %q", test.desc, err, test.want)
		}
	}
}

// TestLevel shows what may grow.
func TestLevel(t *testing.T) {
	series := func(at func(i int) float64) plotter.XYs {
		var all plotter.XYs
		for i := range 49 {
			all = append(all, plotter.XY{X: float64(i), Y: at(i)})
		}

		return all
	}

	tests := []struct {
		desc string
		at   func(i int) float64
		want string
	}{
		{desc: "the same", at: func(int) float64 { return 100 }},
		{desc: "more at first, as caches fill", at: func(i int) float64 { return 100 + 5*float64(min(i, 12)) }},
		{desc: "up and down", at: func(i int) float64 { return 100 + 50*float64(i%2) }},
		{desc: "less", at: func(i int) float64 { return 100 - float64(i) }},
		{desc: "one more each time", at: func(i int) float64 { return 100 + float64(i) }, want: "from 117 MiB in the second quarter to 142"},
	}

	for _, test := range tests {
		err := level("MiB", series(test.at), 8)
		if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, errRefused) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got: %v, want: %q", test.desc, err, test.want)
		}
	}
}

func TestFlags(t *testing.T) {
	tests := []struct {
		desc, args, want string
	}{
		{desc: "all of it", args: ""},
		{desc: "more rounds", args: "-rounds 7"},
		{desc: "no rounds", args: "-rounds 0", want: "want from 1 to 100"},
		{desc: "a negative number", args: "-rounds -1", want: "want from 1 to 100"},
		{desc: "more than there is room for notices that wait", args: "-rounds 101", want: "want from 1 to 100"},
		{desc: "fewer, into the folder of all", args: "-rounds 1", want: "-out"},
		{desc: "fewer elsewhere", args: "-rounds 1 -out x"},
		{desc: "a part, into the folder of all", args: "-only traffic", want: "-out"},
		{desc: "a part elsewhere", args: "-only traffic -out x"},
		{desc: "a quick one, into the folder of all", args: "-quick", want: "-out"},
	}

	for _, test := range tests {
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		flags.Int("rounds", 0, "")
		flags.String("only", "", "")
		flags.String("out", "", "")
		flags.Bool("quick", false, "")
		tools.Check(t, flags.Parse(strings.Fields(test.args)))

		err := checkFlags(flags)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got: %v, want: %q", test.desc, err, test.want)
		}
	}
}

// TestRefuses shows that what was answered or told otherwise than it should gives
// no numbers.
func TestRefuses(t *testing.T) {
	answers, err := newBackend()
	tools.Check(t, err)

	// status answers with one, and otherwise as the backend does.
	status := func(code int) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
			rw.WriteHeader(code)
			answers.ServeHTTP(httptest.NewRecorder(), req)
		})
	}

	// telling tells something of each request.
	telling := func(i *inbox, text string) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
			i.take(strings.ReplaceAll(text, "{name}", req.Header.Get(guest)))
			answers.ServeHTTP(rw, req)
		})
	}

	tests := []struct {
		desc    string
		backend func(*inbox) http.Handler
		want    string
	}{
		{desc: "all is well", backend: func(i *inbox) http.Handler { return telling(i, "Neuer Benutzer registriert: {name}") }},
		{desc: "failing", backend: func(*inbox) http.Handler { return status(http.StatusServiceUnavailable) }, want: "503"},
		{desc: "sending elsewhere", backend: func(*inbox) http.Handler { return status(http.StatusFound) }, want: "was answered with 302"},
		{desc: "another success", backend: func(*inbox) http.Handler { return status(http.StatusAccepted) }, want: "was answered with 202"},
		{desc: "an empty answer", backend: func(*inbox) http.Handler { return status(http.StatusOK) }, want: "was answered with 200"},
		{desc: "no notices", backend: func(*inbox) http.Handler { return answers }, want: "of 4 notices 0 came"},
		{desc: "notices of others", backend: func(i *inbox) http.Handler { return telling(i, "Neuer Benutzer registriert: Tom") }, want: "nobody expected the notice"},
		{desc: "another text", backend: func(i *inbox) http.Handler { return telling(i, "Hello {name}") }, want: "nobody expected the notice"},
	}

	for _, test := range tests {
		notices := newInbox()
		notices.patience = 50 * time.Millisecond

		backend := httptest.NewServer(test.backend(notices))

		_, err := attack(t.Context(), direct(backend.URL), signUp.answered(answers), load{rate: 20, lasting: 200 * time.Millisecond, notices: notices})
		if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, errRefused) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got: %v, want: %q", test.desc, err, test.want)
		}

		backend.Close()
	}
}

// TestSaturation attacks a real Traefik with as much as it takes.
func TestSaturation(t *testing.T) {
	backend, err := open()
	tools.Check(t, err)

	defer backend.Close()

	s, err := start(t.Context(), map[string]string{}, backend.URL, []router{{host: "none.test"}})
	tools.Check(t, err)

	defer s.Stop()

	got, err := attack(t.Context(), through(s, "none.test"), page.answered(backend.Config.Handler), load{lasting: time.Second})
	if errors.Is(err, errDisturbed) {
		t.Skip("the machine has other work: ", err)
	}

	tools.Check(t, err)

	if got.cpu <= 0 || got.throughput < 100 || got.sent < 100 {
		t.Errorf("got: %+v, want: what a request takes, and how many were sent", got)
	}
}

// TestRestart shows that a Traefik without the router does not count as started.
func TestRestart(t *testing.T) {
	backend, err := open()
	tools.Check(t, err)

	defer backend.Close()

	s, err := start(t.Context(), map[string]string{}, backend.URL, []router{{host: "none.test"}})
	tools.Check(t, err)

	defer s.Stop()

	s.Kill()

	took, resident, err := restart(t.Context(), s, "none.test", page.answered(backend.Config.Handler))
	if err != nil || took <= 0 || resident <= 0 {
		t.Errorf("got: %v, %v and %v, want: a time and a memory", took, resident, err)
	}

	s.Kill()

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()

	if _, _, err := restart(ctx, s, "gone.test", page.answered(backend.Config.Handler)); !errors.Is(err, errRefused) || !strings.Contains(err.Error(), "404") {
		t.Errorf("got: %v, want: a refusal, for there is no such router", err)
	}
}

// TestInbox shows that a double stands for nobody else.
func TestInbox(t *testing.T) {
	notices := newInbox()
	notices.patience = 50 * time.Millisecond

	for _, name := range []string{"Tim", "Tom"} {
		notices.expect(name)
	}

	for range 2 {
		notices.take("Neuer Benutzer registriert: Tim")
	}

	if err := notices.await(t.Context()); !errors.Is(err, errRefused) || !strings.Contains(err.Error(), "of 2 notices 1 came") {
		t.Errorf("got: %v, want: a refusal, for one came twice and one not at all", err)
	}

	notices.take("Neuer Benutzer registriert: Tom")
	tools.Check(t, notices.await(t.Context()))
}

// TestReport makes a report of a part that needs little time.
func TestReport(t *testing.T) {
	p, folder := plan{rounds: 1, lasting: time.Second, rate: 20}, filepath.Join(t.TempDir(), "report")

	tools.Check(t, bench(t.Context(), p, "interpreted", folder))

	text, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"# What the plugin costs", "| **ours** |", "| in memory, the receiver is fast: a call |", "| with `stateDir`, it hangs: a delivery |", "| in memory, it is gone: CPU time |"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("got: %s, want in it: %s", text, want)
		}
	}

	if err := bench(context.Background(), p, "nonsense", folder); err == nil {
		t.Error("got: no error for a part that there is not, want: one")
	}

	ended, cancel := context.WithCancel(t.Context())
	cancel()

	refused := filepath.Join(t.TempDir(), "report")
	if err := bench(ended, p, "flat", refused); err == nil {
		t.Error("got: a report of a run that was broken off, want: none")
	}

	if _, err := os.Stat(refused); err == nil {
		t.Error("got: files of a run that was broken off, want: none")
	}
}
