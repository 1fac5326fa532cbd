package process

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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

			awaitFile(t, log, "started\n")
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

func awaitFile(t *testing.T, name, start string) {
	t.Helper()

	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		text, _ := os.ReadFile(name)
		if strings.HasPrefix(string(text), start) {
			return
		}

		if time.Now().After(deadline) {
			t.Fatalf("got: %q, want: %q", text, start)
		}
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
