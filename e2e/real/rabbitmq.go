package real

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// Admin is the user that RabbitMQ has from the start, and AdminPassword what it
// is let in with.
const (
	Admin         = "admin"
	AdminPassword = "not-a-real-password"
)

// RabbitMQ is a broker that is reached over its HTTP interface alone.
type RabbitMQ struct {
	Server

	node string
	epmd int
	dist int
}

// No AMQP listener: the tests need none, and a machine has its own on 5672.
// See https://www.rabbitmq.com/docs/configure
const conf = `listeners.tcp = none
management.tcp.ip = 127.0.0.1
management.tcp.port = %d
default_user = %s
default_pass = %s
log.console = true
log.console.level = info
log.file = false
`

// RunRabbitMQ starts a broker with one user, Admin.
func RunRabbitMQ(t testing.TB) *RabbitMQ {
	t.Helper()

	scripts, err := tools.RabbitMQ(t.Context())
	tools.Check(t, err)

	q := &RabbitMQ{Server: Server{name: "RabbitMQ", dir: t.TempDir()}, node: "signupwebhook-" + rand.Text()[:8] + "@localhost"}
	q.runEPMD(t)

	q.prepare = func(port int) ([]string, []string, error) {
		var err error
		if q.dist, err = process.FreePort(); err != nil {
			return nil, nil, err
		}

		return q.environment(), []string{filepath.Join(scripts, "rabbitmq-server")}, q.configure(port)
	}
	q.ready = func(ctx context.Context) error {
		return q.Call(ctx, http.MethodGet, "/api/health/checks/local-alarms", nil, nil)
	}
	q.run(t)

	return q
}

// runEPMD starts the directory of Erlang's nodes. Erlang would start one by
// itself that outlives the test, or use the machine's own.
func (q *RabbitMQ) runEPMD(t testing.TB) {
	t.Helper()

	program, err := exec.LookPath("epmd")
	if err != nil {
		tools.Check(t, tools.Missing("RabbitMQ is there, but Erlang's epmd is not"))
	}

	if q.epmd, err = process.FreePort(); err != nil {
		t.Fatal(err)
	}

	p, err := process.Start(q.dir, filepath.Join(q.dir, "epmd.log"), os.Environ(), program, "-port", fmt.Sprint(q.epmd), "-address", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(p.Kill)
}

// configure writes what the broker reads.
func (q *RabbitMQ) configure(port int) error {
	for name, text := range map[string]string{
		"rabbitmq.conf":   fmt.Sprintf(conf, port, Admin, AdminPassword),
		"enabled_plugins": "[rabbitmq_management].\n",
		"env.conf":        "",
	} {
		if err := os.WriteFile(filepath.Join(q.dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}

	return nil
}

// environment keeps the broker in its folder and on loopback, whatever the
// machine's own is told in /etc/rabbitmq. The last one has the script become
// the broker instead of watching over it, so that a signal reaches it.
func (q *RabbitMQ) environment() []string {
	return []string{
		"RABBITMQ_NODENAME=" + q.node,
		"RABBITMQ_CONF_ENV_FILE=" + filepath.Join(q.dir, "env.conf"),
		"RABBITMQ_CONFIG_FILE=" + filepath.Join(q.dir, "rabbitmq.conf"),
		"RABBITMQ_ADVANCED_CONFIG_FILE=" + filepath.Join(q.dir, "advanced.config"),
		"RABBITMQ_ENABLED_PLUGINS_FILE=" + filepath.Join(q.dir, "enabled_plugins"),
		"RABBITMQ_MNESIA_BASE=" + filepath.Join(q.dir, "data"),
		"RABBITMQ_LOG_BASE=" + filepath.Join(q.dir, "logs"),
		"RABBITMQ_GENERATED_CONFIG_DIR=" + filepath.Join(q.dir, "generated"),
		"RABBITMQ_PID_FILE=" + filepath.Join(q.dir, "pid"),
		"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}",
		fmt.Sprint("RABBITMQ_DIST_PORT=", q.dist),
		fmt.Sprint("ERL_EPMD_PORT=", q.epmd),
		"ERL_EPMD_ADDRESS=127.0.0.1",
		"RUNNING_UNDER_SYSTEMD=true",
	}
}

// Call asks its HTTP API as Admin, with in as JSON where it is not nil, and
// decodes the answer into out where that is not nil:
// https://www.rabbitmq.com/docs/http-api-reference
func (q *RabbitMQ) Call(ctx context.Context, method, path string, in, out any) error {
	var body []byte

	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}

	req, err := http.NewRequestWithContext(ctx, method, q.URL()+path, bytes.NewReader(body))
	if err != nil {
		return err
	}

	req.Close = true
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(Admin, AdminPassword)

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}

	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, text)
	}

	if out == nil {
		return nil
	}

	return json.Unmarshal(text, out)
}

// Notices are what waits in the queue signups, oldest first. It stays there.
func (q *RabbitMQ) Notices(ctx context.Context) ([]string, error) {
	var list []struct {
		Payload string `json:"payload"`
	}

	err := q.Call(ctx, http.MethodPost, "/api/queues/%2F/signups/get", map[string]any{
		"count": 100000, "ackmode": "ack_requeue_true", "encoding": "auto",
	}, &list)

	notices := make([]string, 0, len(list))
	for _, message := range list {
		notices = append(notices, message.Payload)
	}

	return notices, err
}

// SetUp runs a shell script that is written for a broker at rabbitmq:15672
// with the password of its admin in $ADMIN_PASSWORD.
func (q *RabbitMQ) SetUp(t testing.TB, script string) {
	t.Helper()

	if _, err := exec.LookPath("curl"); err != nil {
		tools.Check(t, tools.Missing("no curl on PATH; install it (Debian: apt-get install curl)"))
	}

	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", strings.ReplaceAll(script, "http://rabbitmq:15672", q.URL()))
	cmd.Env = process.Environ([]string{"HTTP_PROXY", "ALL_PROXY"}, "ADMIN_PASSWORD="+AdminPassword)

	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("setting RabbitMQ up: %v\n%s", err, text)
	}
}
