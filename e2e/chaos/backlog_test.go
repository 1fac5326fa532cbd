package chaos

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// goal is the share of a compiled sender's rate that the plugin should reach.
const goal = 0.5

// leaveBacklog writes the files of that many notices, as a killed process
// would have left them.
func leaveBacklog(t testing.TB, stateDir string, count int) {
	t.Helper()

	folder := outbox.NewFolder(stateDir, middleware, statedir.Hasty())
	begin := time.Now().Add(-time.Hour)

	for i := range count {
		notice := &outbox.Notice{
			ID:       delivery.WebhookID(middleware, fmt.Sprint("account ", i)),
			Fields:   map[string]string{"name": nameOf(i)},
			Accepted: begin.Add(time.Duration(i) * time.Millisecond),
		}

		if err := outbox.Write(folder, outbox.FileName(notice), notice); err != nil {
			t.Fatal(err)
		}
	}
}

func nameOf(i int) string { return fmt.Sprintf("who waits, no. %05d", i) }

// counter is a receiver that keeps nothing but what a benchmark needs.
type counter struct {
	think    time.Duration // about each request that is measured
	measured int           // so many, from the first on

	mu          sync.Mutex
	count       int
	want        int
	disorder    int
	first, last time.Time // of the measured
	done        chan struct{}
}

// expect begins the count again.
func (c *counter) expect(want int) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.count, c.disorder, c.want, c.done = 0, 0, want, make(chan struct{})

	return c.done
}

func (c *counter) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}

	if c.measures() {
		time.Sleep(c.think)
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	if c.count < c.measured {
		c.last = time.Now()
	}

	if c.count == 0 {
		c.first = c.last
	}

	if string(body) != receiver.Greeting+nameOf(c.count) {
		c.disorder++
	}

	c.count++
	if c.count == c.want {
		close(c.done)
	}

	_ = rw // its zero is 200
}

func (c *counter) measures() bool {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.count < c.measured
}

// rate is how many of the measured came a second.
func (c *counter) rate() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()

	return float64(c.measured-1) / c.last.Sub(c.first).Seconds()
}

// listen serves a handler until the test's end.
func listen(t testing.TB, handler http.Handler) string {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	t.Cleanup(func() { _ = server.Close() })

	go func() { _ = server.Serve(listener) }() // it ends by Close

	return "http://" + listener.Addr().String()
}

// TestBacklog has Traefik take up and send what waits on the disk, and a
// compiled client post the same bodies to the same receiver.
//
// Against a receiver that takes no time at all, interpreted code cannot keep
// up with compiled code, and against one that takes 1 ms only where little else
// goes on. Those cases are here to see what a notice costs.
func TestBacklog(t *testing.T) {
	tests := []struct {
		desc     string
		think    time.Duration
		measured int
		goal     float64
	}{
		{desc: "a receiver that takes no time", measured: outbox.MaxOnDisk},
		{desc: "a receiver that takes 1 ms", think: time.Millisecond, measured: outbox.MaxOnDisk / 10},
		{desc: "a receiver that takes 2 ms", think: 2 * time.Millisecond, measured: outbox.MaxOnDisk / 10, goal: goal},
	}

	app := run(t, atOnce)

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			c, stateDir := &counter{think: test.think, measured: test.measured}, t.TempDir()
			url := listen(t, c)

			before := compiledRate(t, c, url, test.measured)

			leaveBacklog(t, stateDir, outbox.MaxOnDisk)

			done, begin := c.expect(outbox.MaxOnDisk), time.Now()
			s := traefik.Run(t, traefik.Options{Static: traefik.Quiet, Dynamic: dynamic(app.URL, options{"webhookURL": url, "stateDir": stateDir})})

			await(t, done, c)

			plugin, first := c.rate(), c.first.Sub(begin)

			if c.disorder > 0 {
				t.Errorf("got: %d notices out of their place, want: none", c.disorder)
			}

			statedir.Drain(t, patience, stateDir, middleware)
			s.Shutdown()

			after := compiledRate(t, c, url, test.measured)
			ratio := 2 * plugin / (before + after)

			t.Logf("of %d notices the plugin sends %.0f a second (the first %.1f s after Traefik's start), a compiled client %.0f before and %.0f after: %.2f of it",
				outbox.MaxOnDisk, plugin, first.Seconds(), before, after, ratio)

			if ratio < test.goal {
				t.Errorf("got: %.2f of a compiled client's rate, want: %.2f", ratio, test.goal)
			}
		})
	}
}

func await(t *testing.T, done <-chan struct{}, c *counter) {
	t.Helper()

	select {
	case <-done:
	case <-time.After(3 * patience):
		c.mu.Lock()
		defer c.mu.Unlock()

		t.Fatalf("got: %d notices, want: %d", c.count, c.want)
	}
}

// compiledRate is that of a client that does nothing but post, in a process of
// its own, as Traefik is one.
func compiledRate(t *testing.T, c *counter, url string, count int) float64 {
	t.Helper()

	done := c.expect(count)

	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), postTo+"="+url, postCount+"="+fmt.Sprint(count))

	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	await(t, done, c)

	return c.rate()
}

// The environment of the process that posts.
const (
	postTo    = "CHAOS_POST_TO"
	postCount = "CHAOS_POST_COUNT"
)

func TestMain(m *testing.M) {
	url := os.Getenv(postTo)
	if url == "" {
		os.Exit(m.Run())
	}

	count, err := strconv.Atoi(os.Getenv(postCount))
	if err == nil {
		err = postAll(url, count)
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// postAll posts what the plugin would, one after the other.
func postAll(url string, count int) error {
	client := delivery.NewClient(nil)

	for i := range count {
		req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(receiver.Greeting+nameOf(i)))
		if err != nil {
			return err
		}

		req.Header.Set("Content-Type", "text/plain; charset=utf-8")
		delivery.Sign(req.Header, delivery.WebhookID(middleware, fmt.Sprint("account ", i)), time.Now(), nil, nil)

		res, err := client.Do(req)
		if err != nil {
			return err
		}

		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}

	return nil
}

// TestWaitingOnDiskTakesNoMemory compares a Traefik with many notices on the
// disk and a receiver that is down with one that has few.
func TestWaitingOnDiskTakesNoMemory(t *testing.T) {
	const (
		few = outbox.MaxInMemory
		// A name in the schedule and a path are all that is kept of each.
		bound = 12 // MiB
	)

	if runtime.GOOS != "linux" {
		tools.Check(t, tools.Missing("a process's memory is read as Linux shows it"))
	}

	dead, app := receiver.Run(t), run(t, atOnce)
	dead.SwitchOff()

	measure := func(count int) int {
		stateDir := t.TempDir()
		leaveBacklog(t, stateDir, count)

		s := traefik.Run(t, traefik.Options{Static: traefik.Quiet + traefik.Debug, Dynamic: dynamic(app.URL, options{"webhookURL": dead.URL(), "stateDir": stateDir})})

		waiting := fmt.Sprintf(" %d waiting", count)
		if err := s.AwaitLog(t.Context(), waiting); err != nil {
			t.Fatal(err)
		}

		return live(t, s)
	}

	small, large := measure(few), measure(outbox.MaxOnDisk)
	t.Logf("%d MiB live while %d notices wait, %d MiB while %d do", small, few, large, outbox.MaxOnDisk)

	wantWithin(t, "MiB more", large-small, bound)
}

// TestProfile writes a profile of Traefik at work on a backlog to the file
// that CHAOS_PROFILE names.
func TestProfile(t *testing.T) {
	file := os.Getenv("CHAOS_PROFILE")
	if file == "" {
		t.Skip("left out: CHAOS_PROFILE is not set")
	}

	stateDir, c, app := t.TempDir(), &counter{measured: outbox.MaxOnDisk}, run(t, atOnce)
	leaveBacklog(t, stateDir, outbox.MaxOnDisk)

	done := c.expect(outbox.MaxOnDisk)
	s := traefik.Run(t, traefik.Options{Static: traefik.Quiet + traefik.Debug, Dynamic: dynamic(app.URL, options{"webhookURL": listen(t, c), "stateDir": stateDir})})

	profile, err := s.API(t.Context(), "/debug/pprof/profile?seconds=5")
	if err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(file, profile, 0o600); err != nil {
		t.Fatal(err)
	}

	await(t, done, c)
	t.Log("look at it with: go tool pprof -top " + filepath.Base(file))
}
