package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

const (
	// burst is the short form, in which the outbox is full after half.
	burst = 2 * outbox.MaxOnDisk
	// attackers sign up at a time.
	attackers = 64

	// What the plugin may add to Traefik: MiB that live when all is over,
	// and that it has had at most.
	boundLive = 32
	boundPeak = 128
	// boundGoroutines is for those that write for as many clients, and what
	// else is there; boundLeft is for all that may be left.
	boundGoroutines = attackers + boundLeft
	boundLeft       = 20
	// boundLines is how many errors an administrator gets to see.
	boundLines = 40
)

// strain is what a burst has cost.
type strain struct {
	took, slowest    time.Duration
	live, peak       int // MiB
	goroutines       int // at most
	goroutinesBefore int
	goroutinesAfter  int
}

func TestBurst(t *testing.T) {
	if runtime.GOOS != "linux" {
		tools.Check(t, tools.Missing("a process's memory is read as Linux shows it"))
	}

	app := webui.RunStandIn(t)

	dead := receiver.Run(t)
	dead.SwitchOff()

	count, stateDir := environ.Number(t, "CHAOS_BURST", burst), t.TempDir()

	// Once for nothing: the first to come finds everything cold.
	_, _ = attack(t, app, nil, min(count, 2000))

	_, without := attack(t, app, nil, count)
	t.Logf("%d sign-ups without the plugin: %v", count, without)

	tests := []struct {
		desc    string
		options options
		room    int
	}{
		{desc: "in memory", options: options{"webhookURL": dead.URL()}, room: outbox.MaxInMemory},
		{desc: "with stateDir", options: options{"webhookURL": dead.URL(), "stateDir": stateDir}, room: outbox.MaxOnDisk},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			s, with := attack(t, app, test.options, count)
			t.Logf("%d sign-ups: %v", count, with)
			t.Logf("it took %.2f times as long as without the plugin", float64(with.took)/float64(without.took))

			wantWithin(t, "MiB more live", with.live-without.live, boundLive)
			wantWithin(t, "MiB more at most", with.peak-without.peak, boundPeak)
			wantWithin(t, "goroutines more at most", with.goroutines-without.goroutines, boundGoroutines)
			wantWithin(t, "lines of the log", len(s.Lines(traefik.Error)), boundLines)
			wantWithin(t, "files", len(statedir.Files(t, stateDir, middleware, "new")), outbox.MaxOnDisk)
			wantRefused(t, s, count-test.room)
		})
	}

	if got := len(statedir.Files(t, stateDir, middleware, "new")); got != min(count, outbox.MaxOnDisk) {
		t.Errorf("got: %d files, want: %d", got, outbox.MaxOnDisk)
	}

	if left := statedir.Files(t, stateDir, middleware, "tmp"); len(left) > 0 {
		t.Errorf("got: %d files in tmp/, want: none", len(left))
	}
}

func wantWithin(t *testing.T, what string, got, bound int) {
	t.Helper()

	if got > bound {
		t.Errorf("got: %d %s, want: at most %d", got, what, bound)
	}
}

// wantRefused wants one line for each power of ten.
func wantRefused(t *testing.T, s *traefik.Server, refused int) {
	t.Helper()

	lines := s.Lines(traefik.Error, "no more fit")
	want := 0

	for power := 1; power <= refused; power *= 10 {
		if text := fmt.Sprintf(" %d so far were not taken", power); want >= len(lines) || !strings.Contains(lines[want], text) {
			t.Errorf("got: %q, want: one with %q", lines, text)
		}

		want++
	}

	if len(lines) != want {
		t.Errorf("got: %d lines for %d refused, want: %d: %q", len(lines), refused, want, lines)
	}
}

func (s strain) String() string {
	return fmt.Sprintf("%.1f s, the slowest answer after %.0f ms; %d MiB live afterwards and at most %d MiB taken; %d goroutines before, at most %d, %d afterwards",
		s.took.Seconds(), float64(s.slowest.Microseconds())/1000, s.live, s.peak, s.goroutinesBefore, s.goroutines, s.goroutinesAfter)
}

// attack starts a Traefik, with the plugin unless its options are nil, and
// signs that many up at it.
func attack(t *testing.T, app *httptest.Server, o options, count int) (*traefik.Server, strain) {
	t.Helper()

	s := traefik.Run(t, traefik.Options{Static: traefik.Quiet + traefik.Debug, Dynamic: dynamic(app.URL, o)})
	strain := strain{goroutinesBefore: goroutines(t, s)}

	ctx, stop := context.WithCancel(t.Context())
	watched := make(chan int)

	go func() { watched <- mostGoroutines(ctx, s) }()

	begin := time.Now()
	slowest, err := signUpAll(s.URL(), count)
	strain.took = time.Since(begin)
	strain.slowest = slowest

	stop()

	strain.goroutines = <-watched

	if err != nil {
		t.Fatal(err)
	}

	strain.peak = peak(t, s.PID())
	strain.live = live(t, s)

	// Connections that are kept have goroutines too.
	app.CloseClientConnections()
	wait.Until(t, patience, func() error {
		strain.goroutinesAfter = goroutines(t, s)
		if strain.goroutinesAfter > strain.goroutinesBefore+boundLeft {
			return fmt.Errorf("got: %d goroutines, want: about %d", strain.goroutinesAfter, strain.goroutinesBefore)
		}

		return nil
	})

	return s, strain
}

// signUpAll returns how long the slowest took.
func signUpAll(url string, count int) (time.Duration, error) {
	client := &http.Client{
		Timeout:   20 * time.Second,
		Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: attackers},
	}
	defer client.CloseIdleConnections()

	var (
		group   sync.WaitGroup
		next    atomic.Int64
		slowest [attackers]time.Duration
		failed  [attackers]error
	)

	for attacker := range attackers {
		group.Go(func() {
			for failed[attacker] == nil {
				number := next.Add(1)
				if number > int64(count) {
					return
				}

				begin := time.Now()
				failed[attacker] = signUpWith(client, url, fmt.Sprint("attacker ", number))
				slowest[attacker] = max(slowest[attacker], time.Since(begin))
			}
		})
	}

	group.Wait()

	return slices.Max(slowest[:]), errors.Join(failed[:]...)
}

func signUpWith(client *http.Client, url, name string) error {
	res, err := client.Post(url+webui.SignUpPath, "application/json", bytes.NewReader(webui.SignUpBody(name, webui.EmailOf(name))))
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("signing %s up: %s: %.200s", name, res.Status, body)
	}

	return err
}

// mostGoroutines looks twice a second until the context ends.
func mostGoroutines(ctx context.Context, s *traefik.Server) int {
	most := 0

	for ctx.Err() == nil {
		count, err := s.Goroutines(ctx)
		if err == nil {
			most = max(most, count)
		}

		rest(ctx, 500*time.Millisecond)
	}

	return most
}

func goroutines(t *testing.T, s *traefik.Server) int {
	t.Helper()

	count, err := s.Goroutines(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return count
}

// live is what is left of Traefik's heap after a collection, in MiB.
func live(t *testing.T, s *traefik.Server) int {
	t.Helper()

	kib, err := s.Heap(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return kib >> 10
}

// peak is the most memory that a process has ever had, in MiB.
func peak(t *testing.T, pid int) int {
	t.Helper()

	kib, err := process.Memory(pid, process.PeakResident)
	if err != nil {
		t.Fatal(err)
	}

	return kib >> 10
}
