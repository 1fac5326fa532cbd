package real

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
)

// patience ends a start or a stop that has gone wrong.
const patience = time.Minute

// Server is a receiver's program. It is not safe for concurrent use, but for
// URL and Log.
type Server struct {
	name    string
	dir     string
	port    int
	process *process.Process

	// prepare writes the program's configuration for a port and returns the
	// command: the environment, the program and its arguments.
	prepare func(port int) (env, command []string, err error)

	// ready has no objection once the program takes notices.
	ready func(ctx context.Context) error
}

// run starts a server for a test, and kills it at the test's end: its folder
// goes, so there is nothing for it to put in order.
func (s *Server) run(t testing.TB) {
	t.Helper()

	t.Cleanup(func() {
		if s.process != nil {
			s.Kill()
		}

		if t.Failed() {
			t.Logf("the end of the log of %s:\n%s", s.name, s.logTail())
		}
	})

	err := process.OnFreePort(func(port int) error {
		s.port = port
		return s.Start(t.Context())
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Start starts the program, for the first time or after Stop or Kill, always at
// the same address. It returns when notices are taken.
func (s *Server) Start(ctx context.Context) error {
	env, command, err := s.prepare(s.port)
	if err != nil {
		return err
	}

	// A WEBHOOK_URL or a proxy of the caller's is nothing to these programs.
	env = append(process.Environ([]string{"WEBHOOK_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "HOME"}), append(env, "HOME="+s.dir)...)

	s.process, err = process.Start(s.dir, s.logFile(), env, command[0], command[1:]...)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	if err := s.process.Await(ctx, s.ready); err != nil {
		s.process.Kill()
		return fmt.Errorf("starting %s: %w\n%s", s.name, err, s.logTail())
	}

	return nil
}

// Stop ends the program as a system that shuts down does.
func (s *Server) Stop() { s.process.Stop(patience) }

// Kill ends it as a crash does.
func (s *Server) Kill() { s.process.Kill() }

// URL is the base URL, without a slash at its end.
func (s *Server) URL() string { return fmt.Sprintf("http://127.0.0.1:%d", s.port) }

// Log is all that the program has written since the first start.
func (s *Server) Log() string { return process.ReadLog(s.logFile()) }

func (s *Server) logTail() string {
	log := s.Log()

	return log[max(0, len(log)-6000):]
}

func (s *Server) logFile() string { return filepath.Join(s.dir, "server.log") }

// answers is a check for readiness: that a GET is answered 200.
func (s *Server) answers(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+path, nil)
	if err != nil {
		return err
	}

	req.Close = true

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}

	_ = res.Body.Close()

	if res.StatusCode != http.StatusOK {
		return errors.New(path + " is answered " + res.Status)
	}

	return nil
}
