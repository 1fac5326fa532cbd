// Package process runs a server program for a test: its output in a file, its
// end known, and none left over.
package process

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// Process is a program that was started.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
}

// Start runs a program in dir. What it writes is appended to the file at log,
// which is no pipe, so that the program's output survives whatever happens to
// either side.
func Start(dir, log string, env []string, program string, args ...string) (*Process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()

	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = env
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = endsWithUs()

	if err := cmd.Start(); err != nil {
		return nil, err
	}

	p := &Process{cmd: cmd, done: make(chan struct{})}

	go func() {
		_ = cmd.Wait()

		close(p.done)
	}()

	return p, nil
}

// PID is the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Kill ends the process as a crash or a power cut would, and waits for it.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()

	<-p.done
}

// Stop asks the process to end, and kills it if it has not within patience.
func (p *Process) Stop(patience time.Duration) {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.Kill()
		return
	}

	select {
	case <-p.done:
	case <-time.After(patience):
		p.Kill()
	}
}

// Await calls ready until it returns nil. It gives up when the context ends or
// the process does.
func (p *Process) Await(ctx context.Context, ready func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	go func() {
		select {
		case <-p.done:
			cancel(errors.New("the process has ended"))
		case <-ctx.Done():
		}
	}()

	return wait.For(ctx, func() error { return ready(ctx) })
}

// ReadLog is all that was written to a log, and nothing where there is none yet.
func ReadLog(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}

	return string(text)
}

// portTaken is what Go, Python, Node.js and Erlang say where somebody else was
// quicker.
var portTaken = regexp.MustCompile(`(?i)address already in use|eaddrinuse`)

// OnFreePort has a server started on a free port, and on another one where
// somebody else was quicker. The error of start must hold what the server said.
func OnFreePort(start func(port int) error) error {
	var err error

	for range 5 {
		var port int
		if port, err = FreePort(); err != nil {
			return err
		}

		if err = start(port); err == nil || !portTaken.MatchString(err.Error()) {
			return err
		}
	}

	return err
}

// FreePort is a loopback port that nothing listens on now. It lies below the
// range from which systems take ports for outgoing connections and for port 0,
// so that only another search like this one can take it before it is used; see
// OnFreePort.
func FreePort() (int, error) {
	const first, last = 15000, 32000

	var err error

	for range 100 {
		port := first + rand.IntN(last-first)

		var listener net.Listener

		listener, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, listener.Close()
		}
	}

	return 0, fmt.Errorf("no free port: %w", err)
}

// Environ is this process's environment without the named variables, and with
// more added.
func Environ(without []string, more ...string) []string {
	var env []string

	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")

		dropped := false
		for _, w := range without {
			dropped = dropped || strings.EqualFold(name, w)
		}

		if !dropped {
			env = append(env, pair)
		}
	}

	return append(env, more...)
}
