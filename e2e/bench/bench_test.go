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

	tests := []struct {
		desc       string
		rate       int
		m          *vegeta.Metrics
		departures []departure
		making     time.Duration
		busy       time.Duration
		want       string
	}{
		{desc: "in time", rate: 100, m: atSaturation(1), departures: at(100, 100, 0)},
		{desc: "a little late", rate: 100, m: atSaturation(1), departures: at(100, 50, 15*time.Millisecond)},
		{desc: "few of them late", rate: 100, m: atSaturation(1), departures: at(100, 96, time.Second)},
		{desc: "slow to make", rate: 100, m: atSaturation(1), departures: at(100, 100, 0), making: time.Second / 2, want: "to make the requests took it"},
		{desc: "slow to make, at saturation", m: atSaturation(workers), making: 25 * time.Second, busy: time.Second, want: "to make the requests took it"},
		{desc: "half of them late", rate: 100, m: atSaturation(1), departures: at(100, 50, 500*time.Millisecond), want: "50 of 100 requests left more than 20ms late"},
		{desc: "saturated", m: atSaturation(workers), busy: time.Second},
		{desc: "workers that wait for each other", m: atSaturation(1), busy: time.Second, want: "1.0 waited for an answer"},
		{desc: "a Traefik that idles", m: atSaturation(workers), busy: time.Second / 4, want: "25 % of a core"},
	}

	for _, test := range tests {
		err := bottleneck(test.rate, test.m, test.departures, test.making, test.busy)
		if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, errDisturbed) || !strings.Contains(err.Error(), test.want)) {
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
		{desc: "no rounds", args: "-rounds 0", want: "want one at least"},
		{desc: "fewer", args: "-rounds -1", want: "want one at least"},
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

// TestRefuses shows that a run with failures, and one with a notice less, give no
// numbers.
func TestRefuses(t *testing.T) {
	failing := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer failing.Close()

	s, err := start(t.Context(), map[string]string{}, failing.URL, []router{{host: "none.test"}})
	tools.Check(t, err)

	defer s.Stop()

	_, err = attack(t.Context(), s, targets(s, "none.test", page), load{rate: 20, lasting: 200 * time.Millisecond})
	if !errors.Is(err, errRefused) || !strings.Contains(err.Error(), "503") {
		t.Errorf("got: %v, want: a refusal that names the failure", err)
	}

	answering := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer answering.Close()

	silent, err := start(t.Context(), map[string]string{}, answering.URL, []router{{host: "none.test"}})
	tools.Check(t, err)

	defer silent.Stop()

	missing := openInbox()
	defer missing.Close()

	missing.patience = 50 * time.Millisecond

	_, err = attack(t.Context(), silent, targets(silent, "none.test", signUp), load{rate: 20, lasting: 200 * time.Millisecond, notices: missing})
	if !errors.Is(err, errRefused) || !strings.Contains(err.Error(), "of 4 notices 0 came") {
		t.Errorf("got: %v, want: a refusal, for notices are missing", err)
	}

}

// TestInbox shows that a double stands for nobody else.
func TestInbox(t *testing.T) {
	notices := openInbox()
	defer notices.Close()

	notices.patience = 50 * time.Millisecond

	for _, id := range []string{"1", "1", "2"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, notices.URL, http.NoBody)
		tools.Check(t, err)

		req.Header.Set("Webhook-Id", id)

		res, err := http.DefaultClient.Do(req)
		tools.Check(t, err)

		_ = res.Body.Close()
	}

	tools.Check(t, notices.awaitMore(t.Context(), 2))

	if err := notices.awaitMore(t.Context(), 1); !errors.Is(err, errRefused) {
		t.Errorf("got: %v, want: a refusal, for one came twice and one not at all", err)
	}
}

// TestReport makes a report of a part that needs little time.
func TestReport(t *testing.T) {
	p, folder := plan{rounds: 1, lasting: time.Second, rate: 20}, filepath.Join(t.TempDir(), "report")

	tools.Check(t, bench(t.Context(), p, "interpreted", folder))

	text, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"# What the plugin costs", "| **ours** |", "| a sign-up, in memory |", "| its delivery, with `stateDir` |"} {
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
