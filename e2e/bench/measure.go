package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// workers are the connections of the generator at saturation.
const workers = 32

// errRefused is behind every error that says that a run is not worth a report.
var errRefused = errors.New("this run is not reported")

// errDisturbed is behind those of them that another process may be the cause
// of: then the round is measured once more.
var errDisturbed = fmt.Errorf("%w: the generator was the bottleneck", errRefused)

// load is what a round sends.
type load struct {
	rate    int // requests a second; 0 for as many as are answered
	lasting time.Duration
	notices *inbox // that get one of each request; nil for none
	later   bool   // and not while it is measured
}

// sends is how many requests that makes at a rate.
func (l load) sends() int {
	count := int(l.lasting.Seconds() * float64(l.rate))
	if l.notices != nil {
		count = min(count, most)
	}

	return count
}

// front is who answers: a router of Traefik, or the backend itself.
type front struct {
	url, host string
	pid       int // whose CPU time counts; 0 for nobody's
}

func through(s *traefik.Server, host string) front {
	return front{url: s.URL(), host: host, pid: s.PID()}
}

func direct(backend string) front { return front{url: backend} }

// most is how many sign-ups a round has at most: no more than wait in memory, so
// that none is refused.
const most = outbox.MaxInMemory - 100

// mostAlone is which part of the time may be the generator's and the backend's.
const mostAlone = 0.5

// still is how long an answer may take at saturation, however short the round is.
const still = 250 * time.Millisecond

// late is how far behind its time a request may leave the generator.
const late = 20 * time.Millisecond

// sample is what one round of one case has measured.
type sample struct {
	sent       int
	cpu        time.Duration // of Traefik, for a request
	throughput float64       // requests a second
	p50, p99   time.Duration
}

func cpu(s sample) time.Duration { return s.cpu }
func p50(s sample) time.Duration { return s.p50 }
func p99(s sample) time.Duration { return s.p99 }

func throughput(s sample) float64 { return s.throughput }

// each is one number of each round.
func each[T any](rounds []sample, take func(sample) T) []T {
	var all []T
	for _, s := range rounds {
		all = append(all, take(s))
	}

	return all
}

// attack measures a round, and once more what was disturbed.
func attack(ctx context.Context, to front, k kind, l load) (sample, error) {
	got, err := attackOnce(ctx, to, k, l)
	if errors.Is(err, errDisturbed) {
		got, err = attackOnce(ctx, to, k, l)
	}

	return got, err
}

// attackOnce sends requests, and waits for the notices that they make: those are
// part of what a sign-up costs, and no other round is to pay for them.
func attackOnce(ctx context.Context, to front, k kind, l load) (sample, error) {
	connections := workers
	if l.rate > 0 {
		connections = 4 * workers // so that none waits for another
	}

	// A client of its own, since vegeta's leaves its connections open.
	client := &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true},
	}
	defer client.CloseIdleConnections()

	next := targets(to, k, l.notices)
	if l.notices != nil {
		next = atMost(most, next)
	}

	var making atomic.Int64

	next = timed(next, &making)

	pace := vegeta.Pacer(vegeta.Rate{Freq: l.rate, Per: time.Second})

	attacker := vegeta.NewAttacker(vegeta.Client(client), vegeta.Workers(workers), vegeta.MaxWorkers(uint64(connections)))
	defer attacker.Stop()

	before, err := to.cpu()
	if err != nil {
		return sample{}, err
	}

	var (
		m          vegeta.Metrics
		departures []departure
		wrong      error
	)

	for result := range attacker.Attack(next, pace, l.lasting, "") {
		if ctx.Err() != nil {
			return sample{}, ctx.Err()
		}

		if result.Error == vegeta.ErrNoTargets.Error() {
			continue
		}

		m.Add(result)

		departures = append(departures, departure{result.Seq, result.Timestamp})

		if err := k.check(int(result.Code), result.Body); wrong == nil {
			wrong = err
		}
	}

	m.Close()

	if m.Success < 1 {
		return sample{}, fmt.Errorf("%w: of %d requests %.2f %% failed: %s", errRefused, m.Requests, 100*(1-m.Success), strings.Join(m.Errors, "; "))
	}

	if wrong != nil {
		return sample{}, wrong
	}

	answered, err := to.cpu()
	if err != nil {
		return sample{}, err
	}

	if l.notices != nil && !l.later {
		if err := l.notices.await(ctx); err != nil {
			return sample{}, err
		}
	}

	after, err := to.cpu()
	if err != nil {
		return sample{}, err
	}

	// By itself, the generator is its own bottleneck.
	if to.pid == 0 {
		return sampleOf(&m, 0), nil
	}

	if err := bottleneck(l, &m, departures, time.Duration(making.Load()), answered-before); err != nil {
		return sample{}, err
	}

	return sampleOf(&m, (after-before)/time.Duration(m.Requests)), nil
}

func sampleOf(m *vegeta.Metrics, cpu time.Duration) sample {
	return sample{
		sent:       int(m.Requests),
		cpu:        cpu,
		throughput: m.Throughput,
		p50:        m.Latencies.P50,
		p99:        m.Latencies.P99,
	}
}

// departure is when a request left, and which one it was.
type departure struct {
	seq uint64
	at  time.Time
}

// bottleneck tells whether the generator was slower than it should be: whether it
// took a part of the latency to make the requests; at a rate, whether all of them
// left, and in time; at saturation, whether its workers waited for Traefik all the
// time, whether that had something to do, and whether all stood still. Whether the
// generator is quick enough at all, outpaced tells.
func bottleneck(l load, m *vegeta.Metrics, departures []departure, making, busy time.Duration) error {
	if making > m.Latencies.Total/5 {
		return fmt.Errorf("%w: to make the requests took it %v of %v", errDisturbed, making, m.Latencies.Total)
	}

	if l.rate > 0 {
		if want := l.sends(); len(departures) < want-want/20-1 {
			return fmt.Errorf("%w: of %d requests %d left", errDisturbed, want, len(departures))
		}

		if behind := behindTime(l.rate, departures); behind > len(departures)/20 {
			return fmt.Errorf("%w: %d of %d requests left more than %v late", errDisturbed, behind, len(departures), late)
		}

		return nil
	}

	took := float64(m.Duration + m.Wait)

	// Little's law: what is under way is what comes in a second, times how long it takes.
	if underWay := float64(m.Latencies.Total) / took; underWay < 0.7*workers {
		return fmt.Errorf("%w: of its %d workers %.1f waited for an answer", errDisturbed, workers, underWay)
	}

	if longest := m.Latencies.Max; longest > still && float64(longest) > took/4 {
		return fmt.Errorf("%w: all stood still for %v", errDisturbed, longest)
	}

	if share := float64(busy) / took; share < 0.4 {
		return fmt.Errorf("%w: Traefik had but %.0f %% of a core", errDisturbed, 100*share)
	}

	return nil
}

// outpaced tells whether the generator and the backend alone are so much quicker
// than with Traefik between them that what was measured is Traefik's: at a rate by
// the time that an answer takes, and at saturation by how many there are.
func outpaced(rate int, alone, between []sample) error {
	share := ratios(each(between, throughput), each(alone, throughput)).median
	if rate > 0 {
		share = ratios(each(alone, p50), each(between, p50)).median
	}

	if share > mostAlone {
		return fmt.Errorf("%w: without Traefik, it needs %.0f %% of the time, too", errDisturbed, 100*share)
	}

	return nil
}

// behindTime counts the requests that left late.
func behindTime(rate int, departures []departure) int {
	due := func(d departure) time.Duration { return time.Duration(d.seq) * time.Second / time.Duration(rate) }

	var begin time.Time
	for i, d := range departures {
		if at := d.at.Add(-due(d)); i == 0 || at.Before(begin) {
			begin = at
		}
	}

	behind := 0

	for _, d := range departures {
		if d.at.Sub(begin)-due(d) > late {
			behind++
		}
	}

	return behind
}

// timed adds up how long some targets take to make: the generator counts that as
// part of their latency.
func timed(next vegeta.Targeter, total *atomic.Int64) vegeta.Targeter {
	return func(t *vegeta.Target) error {
		begin := time.Now()
		err := next(t)
		total.Add(int64(time.Since(begin)))

		return err
	}
}

// atMost are so many of some targets.
func atMost(count int64, next vegeta.Targeter) vegeta.Targeter {
	var sent atomic.Int64

	return func(t *vegeta.Target) error {
		if sent.Add(1) > count {
			return vegeta.ErrNoTargets
		}

		return next(t)
	}
}

// targets are one request, again and again, each from somebody else, of whom
// notices are to come.
func targets(to front, k kind, notices *inbox) vegeta.Targeter {
	return func(t *vegeta.Target) error {
		name := newGuest()
		if notices != nil {
			notices.expect(name)
		}

		t.Method, t.URL, t.Header = k.method, to.url+k.path, k.header(name)

		if to.host != "" {
			t.Header.Set("Host", to.host)
		}

		if k.body != nil {
			t.Body = k.body(name)
		}

		return nil
	}
}

// cpu is what its process has had.
func (f front) cpu() (time.Duration, error) {
	if f.pid == 0 {
		return 0, nil
	}

	return cpuOf(f.pid)
}

// cpuOf is the time that a process's threads have had, as exactly as Linux
// knows it: in nanoseconds, not in ticks of ten milliseconds.
func cpuOf(pid int) (time.Duration, error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("%w: Traefik has ended, or this is not Linux, whose /proc shows the CPU time of a process", errRefused)
	}

	var total time.Duration

	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // a thread that has just ended
		}

		var ran int64
		if _, err := fmt.Sscan(string(text), &ran); err == nil {
			total += time.Duration(ran)
		}
	}

	return total, nil
}

// residentOf is the memory of a process, in bytes.
func residentOf(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err
	}

	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return 0, err
	}

	return resident * int64(os.Getpagesize()), nil
}

// goroutinesOf asks Traefik's profiles.
func goroutinesOf(ctx context.Context, s *traefik.Server) (int, error) {
	text, err := s.API(ctx, "/debug/pprof/goroutine?debug=1")
	if err != nil {
		return 0, err
	}

	var count int
	if _, err := fmt.Sscanf(string(text), "goroutine profile: total %d", &count); err != nil {
		return 0, fmt.Errorf("an unexpected profile: %.60s", text)
	}

	return count, nil
}
