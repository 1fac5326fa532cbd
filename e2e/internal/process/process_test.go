package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

func TestProcess(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("left out: no sh on PATH")
	}

	never := errors.New("not yet")

	tests := []struct {
		desc   string
		script string
		act    func(p *Process)
		want   string
	}{
		{
			desc:   "one that ends by itself is not waited for",
			script: "echo started; exit 3",
			act: func(p *Process) {
				err := p.Await(context.Background(), func(context.Context) error { return never })
				if err == nil || !strings.Contains(err.Error(), "has ended") {
					t.Errorf("got: %v, want: that the process has ended", err)
				}
			},
			want: "started\n",
		},
		{
			desc:   "Stop lets it clean up",
			script: "trap 'echo cleaned; exit' TERM; echo started; while :; do sleep 0.01; done",
			act:    func(p *Process) { p.Stop(10 * time.Second) },
			want:   "started\ncleaned\n",
		},
		{
			desc:   "Stop kills one that will not end",
			script: "trap '' TERM; echo started; while :; do sleep 0.01; done",
			act:    func(p *Process) { p.Stop(50 * time.Millisecond) },
			want:   "started\n",
		},
		{
			desc:   "Kill gives it no time",
			script: "trap 'echo cleaned; exit' TERM; echo started; while :; do sleep 0.01; done",
			act:    func(p *Process) { p.Kill() },
			want:   "started\n",
		},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")

			p, err := Start(t.TempDir(), log, nil, "sh", "-c", test.script)
			if err != nil {
				t.Fatal(err)
			}

			wait.Until(t, 10*time.Second, func() error {
				if text := ReadLog(log); !strings.HasPrefix(text, "started\n") {
					return fmt.Errorf("got: %q, want: that it has started", text)
				}

				return nil
			})
			test.act(p)

			select {
			case <-p.Done():
			default:
				t.Error("got: a process that runs, want: none")
			}

			got, err := os.ReadFile(log)
			if err != nil || string(got) != test.want {
				t.Errorf("got: %q (%v), want: %q", got, err, test.want)
			}
		})
	}
}

func TestOnFreePort(t *testing.T) {
	broken := errors.New("broken")

	tests := []struct {
		desc   string
		start  func(try, port int) error
		tries  int
		broken bool
	}{
		{desc: "at once", start: func(int, int) error { return nil }, tries: 1},
		{desc: "broken", start: func(int, int) error { return broken }, tries: 1, broken: true},
		{
			desc: "the port is taken twice",
			start: func(try, port int) error {
				if try > 2 {
					return nil
				}

				listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
				if err != nil {
					return err
				}
				defer func() { _ = listener.Close() }()

				_, err = net.Listen("tcp", listener.Addr().String())

				return err
			},
			tries: 3,
		},
		{
			desc:   "Node.js and Erlang say it otherwise, and every port is taken",
			start:  func(int, int) error { return fmt.Errorf("%w: EADDRINUSE", broken) },
			tries:  5,
			broken: true,
		},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			tries := 0
			err := OnFreePort(func(port int) error {
				tries++
				return test.start(tries, port)
			})

			if tries != test.tries || errors.Is(err, broken) != test.broken || (err != nil) != test.broken {
				t.Errorf("got: %v after %d tries, want: %d tries, broken: %v", err, tries, test.tries, test.broken)
			}
		})
	}
}

func TestEnviron(t *testing.T) {
	t.Setenv("https_proxy", "http://192.0.2.1")
	t.Setenv("KEPT", "yes")

	got := Environ([]string{"HTTPS_PROXY"}, "MORE=1")

	for pair, want := range map[string]bool{"https_proxy=http://192.0.2.1": false, "KEPT=yes": true, "MORE=1": true} {
		if slices.Contains(got, pair) != want {
			t.Errorf("got: %v, want: %v for %v", !want, want, pair)
		}
	}
}
