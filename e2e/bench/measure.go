package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// workers are the connections of the generator at saturation.
const workers = 32

// errRefused is behind every error that says that a run is not worth a report.
var errRefused = errors.New("this run is not reported")

// errDisturbed is behind those of them that another process may be the cause
// of: then the round is measured once more.
var errDisturbed = fmt.Errorf("%w: the generator was the bottleneck", errRefused)

// sample is what one round of one case has measured.
type sample struct {
	cpu        time.Duration // of Traefik, for a request
	throughput float64       // requests a second
	p50, p99   time.Duration
}

// attack measures a round, and once more what was disturbed.
func attack(ctx context.Context, s *traefik.Server, next vegeta.Targeter, rate int, lasting time.Duration) (sample, error) {
	got, err := attackOnce(ctx, s, next, rate, lasting)
	if errors.Is(err, errDisturbed) {
		got, err = attackOnce(ctx, s, next, rate, lasting)
	}

	return got, err
}

// attackOnce sends requests for so long, at a rate or, where that is 0, as many
// as are answered.
func attackOnce(ctx context.Context, s *traefik.Server, next vegeta.Targeter, rate int, lasting time.Duration) (sample, error) {
	connections := workers
	if rate > 0 {
		connections = 4 * workers // so that none waits for another
	}

	// A client of its own, since vegeta's leaves its connections open.
	client := &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true},
	}
	defer client.CloseIdleConnections()

	pace := vegeta.Pacer(vegeta.Rate{Freq: rate, Per: time.Second})

	attacker := vegeta.NewAttacker(vegeta.Client(client), vegeta.Workers(workers), vegeta.MaxWorkers(uint64(connections)))
	defer attacker.Stop()

	before, err := cpuOf(s.PID())
	if err != nil {
		return sample{}, err
	}

	var m vegeta.Metrics

	for result := range attacker.Attack(next, pace, lasting, "") {
		m.Add(result)

		if ctx.Err() != nil {
			return sample{}, ctx.Err()
		}
	}

	m.Close()

	after, err := cpuOf(s.PID())
	if err != nil {
		return sample{}, err
	}

	if m.Success < 1 {
		return sample{}, fmt.Errorf("%w: of %d requests %.2f %% failed: %s", errRefused, m.Requests, 100*(1-m.Success), strings.Join(m.Errors, "; "))
	}

	if rate > 0 && m.Rate < 0.95*float64(rate) {
		return sample{}, fmt.Errorf("%w: it sent %.0f of %d requests a second", errDisturbed, m.Rate, rate)
	}

	busy := float64(after-before) / float64(m.Duration+m.Wait)
	if rate == 0 && busy < 0.4 {
		return sample{}, fmt.Errorf("%w: Traefik had but %.0f %% of a core", errDisturbed, 100*busy)
	}

	return sample{
		cpu:        (after - before) / time.Duration(m.Requests),
		throughput: m.Throughput,
		p50:        m.Latencies.P50,
		p99:        m.Latencies.P99,
	}, nil
}

// targets are one request, again and again.
func targets(s *traefik.Server, host string, k kind) vegeta.Targeter {
	header := http.Header{"Accept-Encoding": {"gzip, br"}}
	if k.contentType != "" {
		header.Set("Content-Type", k.contentType)
	}

	return func(t *vegeta.Target) error {
		t.Method, t.URL, t.Body = k.method, s.URL()+k.path, k.body()
		t.Header = header.Clone()
		t.Header.Set("Host", host)

		return nil
	}
}

// cpuOf is the time that a process's threads have had, as exactly as Linux
// knows it: in nanoseconds, not in ticks of ten milliseconds.
func cpuOf(pid int) (time.Duration, error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("the CPU time of a process is read as Linux shows it in /proc: %w", errors.Join(err, os.ErrNotExist))
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
