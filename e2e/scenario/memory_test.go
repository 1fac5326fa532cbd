package scenario

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	strangers = 500
	heavy     = 1 << 20 // of a request or an answer

	// boundLive is what may live in the plugin while all are under way, in
	// MiB: the 32 that kept bodies or held answers share, and as much again
	// for 500 requests inside the interpreter.
	boundLive = 64

	// boundPeak is for the process as the system sees it. The collector lets
	// garbage grow to the size of all that lives before it works, and here
	// Traefik's own buffers alone are 130 MiB, which no garbage has doubled
	// without the plugin. A plugin without limits takes 900 more.
	boundPeak = 320
)

// peak is the most memory that a process has had since forgetPeak, in KiB.
func peak(t *testing.T, pid int) int {
	t.Helper()

	kib, err := process.Memory(pid, process.PeakResident)
	if err != nil {
		t.Fatal(err)
	}

	return kib
}

// forgetPeak begins the count again: 5 is for the peak (proc(5)).
func forgetPeak(t *testing.T, pid int) {
	t.Helper()

	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// crowd is an upstream where strangers arrive all at once.
type crowd struct {
	*httptest.Server

	arrived chan struct{} // one for each stranger that has come so far
	release chan struct{} // closed when all may go on
}

// newCrowd has a handler that is given its crowd.
func newCrowd(t *testing.T, serve func(c *crowd, rw http.ResponseWriter, req *http.Request)) *crowd {
	t.Helper()

	c := &crowd{arrived: make(chan struct{}, 2*strangers), release: make(chan struct{})}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) { serve(c, rw, req) }))

	// Little waits in the kernel: it is Traefik that has to take it.
	c.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetWriteBuffer(16 << 10)
		}

		return ctx
	}

	c.Start()
	t.Cleanup(c.Close)

	return c
}

func (c *crowd) await(ctx context.Context, n int) error {
	for i := range n {
		select {
		case <-c.arrived:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d came: %w", i, n, ctx.Err())
		}
	}

	return nil
}

// load has all strangers sign up at Traefik. It calls look when all of them
// are under way.
type load func(ctx context.Context, addr, host string, c *crowd, look func() error) error

// compareMemory puts a load on a site without the plugin and on one with it,
// each at a Traefik of its own.
func compareMemory(t *testing.T, serve func(c *crowd, rw http.ResponseWriter, req *http.Request), put load) {
	t.Helper()

	if runtime.GOOS != "linux" {
		tools.Check(t, tools.Missing("a process's memory is read as Linux shows it"))
	}

	measure := func(middlewares ...options) (int, int) {
		c, p, host := newCrowd(t, serve), own(t, traefik.Options{Static: traefik.Debug}), hostOf(t)
		p.publish(t, site{host: host, upstream: c.URL, middlewares: middlewares})
		forgetPeak(t, p.PID())

		live := 0

		err := put(wait.AtMost(t, time.Minute), p.Addr(), host, c, func() error {
			var err error
			live, err = p.Heap(t.Context())

			return err
		})
		if err != nil {
			t.Error(err)
		}

		return live >> 10, peak(t, p.PID()) >> 10
	}

	r := receiver.Run(t)
	live, high := measure()
	liveWith, highWith := measure(options{"webhookURL": r.URL()})

	t.Logf("without the plugin %d MiB live and at most %d are taken, with it %d and %d", live, high, liveWith, highWith)

	if more := liveWith - live; more > boundLive {
		t.Errorf("got: %d MiB more live with the plugin, want: at most %d", more, boundLive)
	}

	if more := highWith - high; more > boundPeak {
		t.Errorf("got: %d MiB more taken with the plugin, want: at most %d", more, boundPeak)
	}

	if _, err := r.Await(wait.AtMost(t, patience), strangers); err != nil {
		t.Error(err)
	}

	var names []string
	for i := range strangers {
		names = append(names, nameOf(i))
	}

	wantNotices(t, receiver.SortedBodies(r.Taken()), names...)
}

func nameOf(i int) string { return fmt.Sprintf("stranger %03d", i) }

// heavyJSON is an account whose picture makes it heavy. Its filling is shared.
func heavyJSON(name string) (head, tail []byte) {
	head = fmt.Appendf(nil, `{"id":"%s","name":"%s","email":"x@example.org","role":"pending","password":"none","picture":"`, name, name)

	return head, filling[len(head):]
}

var filling = append(bytes.Repeat([]byte("A"), heavy-2), `"}`...)

func TestMemoryOfHalfSentBodies(t *testing.T) {
	const (
		half = heavy / 2
		// What the buffers on the way may keep back.
		nearlyHalf = half - 64<<10
	)

	serve := func(c *crowd, rw http.ResponseWriter, req *http.Request) {
		start := make([]byte, nearlyHalf)
		if _, err := io.ReadFull(req.Body, start); err != nil {
			return
		}

		name, _, _ := strings.Cut(strings.TrimPrefix(string(start[:100]), `{"id":"`), `"`)
		start = nil
		c.arrived <- struct{}{}

		_, _ = io.Copy(io.Discard, req.Body)

		rw.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(rw).Encode(map[string]string{"id": name, "name": name})
	}

	compareMemory(t, serve, func(ctx context.Context, addr, host string, c *crowd, look func() error) error {
		var conns []net.Conn

		defer func() {
			for _, conn := range conns {
				_ = conn.Close()
			}
		}()

		for i := range strangers {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				return err
			}

			conns = append(conns, conn)
			_ = conn.SetDeadline(time.Now().Add(time.Minute))

			head, tail := heavyJSON(nameOf(i))
			_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", webui.SignUpPath, host, heavy, head)

			if _, err2 := conn.Write(tail[:half-len(head)]); err != nil || err2 != nil {
				return errors.Join(err, err2)
			}
		}

		if err := c.await(ctx, strangers); err != nil {
			return err
		}

		if err := look(); err != nil {
			return err
		}

		for _, conn := range conns {
			if _, err := conn.Write(filling[half:]); err != nil {
				return err
			}

			if err := readWhole(conn, -1); err != nil {
				return err
			}
		}

		return nil
	})
}

func TestMemoryOfHeldAnswers(t *testing.T) {
	const last = 1 << 10

	serve := func(c *crowd, rw http.ResponseWriter, req *http.Request) {
		var form struct{ Name string }
		if err := json.NewDecoder(req.Body).Decode(&form); err != nil {
			return
		}

		rw.Header().Set("Content-Type", "application/json")
		rw.Header().Set("Content-Length", fmt.Sprint(heavy))

		head, tail := heavyJSON(form.Name)
		_, _ = rw.Write(head)
		_, _ = rw.Write(tail[:len(tail)-last])
		_ = http.NewResponseController(rw).Flush()

		c.arrived <- struct{}{}

		<-c.release

		_, _ = rw.Write(tail[len(tail)-last:])
	}

	compareMemory(t, serve, func(ctx context.Context, addr, host string, c *crowd, look func() error) error {
		var group sync.WaitGroup

		failures := make(chan error, strangers)

		for i := range strangers {
			group.Add(1)

			go func() {
				defer group.Done()

				conn, err := net.Dial("tcp", addr)
				if err != nil {
					failures <- err
					return
				}
				defer func() { _ = conn.Close() }()

				_ = conn.SetDeadline(time.Now().Add(time.Minute))

				_, err = io.WriteString(conn, signUpRequest(host, webui.SignUpPath, nameOf(i)))
				if err == nil {
					err = readWhole(conn, heavy)
				}

				if err != nil {
					failures <- err
				}
			}()
		}

		err := c.await(ctx, strangers)
		if err == nil {
			err = look()
		}

		close(c.release)
		group.Wait()
		close(failures)

		for failure := range failures {
			err = errors.Join(err, failure)
		}

		return err
	})
}

// readWhole reads an answer of that size, or of any where size is -1.
func readWhole(conn net.Conn, size int64) error {
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	got, err := io.Copy(io.Discard, res.Body)
	if err != nil {
		return err
	}

	if res.StatusCode != http.StatusOK || size >= 0 && got != size {
		return fmt.Errorf("got: %s with %d bytes, want: 200 with %d", res.Status, got, size)
	}

	return nil
}
