package chaos

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
)

const (
	// patience is for what takes milliseconds or, where a notice is tried
	// again, some seconds; it ends what has gone wrong.
	patience = time.Minute

	// middleware is the plugin's name in every configuration here.
	middleware = "notify@file"
)

// options are the middleware's, under the names that configurations use.
type options map[string]any

// dynamic is a configuration in which everything goes to upstream, through the
// middleware unless its options are nil.
func dynamic(upstream string, o options) string {
	var d traefik.Dynamic

	d.Service("chat", upstream)

	if o == nil {
		d.Router("chat", traefik.Everything, "chat")
		return d.YAML()
	}

	name, _, _ := strings.Cut(middleware, "@")
	d.Plugin(name, o)
	d.Router("chat", traefik.Everything, "chat", name)

	return d.YAML()
}

// upstream stands in for Open WebUI, and remembers whom it made an account
// for.
type upstream struct {
	*httptest.Server

	onMade func() // called for each account, when it was answered

	mu   sync.Mutex
	made map[string]account // by name
}

// account is what the upstream has made.
type account struct {
	id   string
	came time.Time // the sign-up
	at   time.Time // when it was answered
}

// run starts an upstream that thinks so long about each sign-up.
func run(t testing.TB, think func() time.Duration) *upstream {
	t.Helper()

	standIn, err := webui.StandIn()
	if err != nil {
		t.Fatal(err)
	}

	u := &upstream{made: map[string]account{}, onMade: func() {}}
	u.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		came := time.Now()

		time.Sleep(think())

		tee := &recorder{ResponseWriter: rw}
		standIn.ServeHTTP(tee, req)

		var made webui.Account
		if json.Unmarshal(tee.body.Bytes(), &made) == nil && made.ID != "" {
			u.mu.Lock()
			u.made[made.Name] = account{id: made.ID, came: came, at: time.Now()}
			u.mu.Unlock()

			u.onMade()
		}
	}))
	t.Cleanup(u.Close)

	return u
}

// accounts are those that were made so far, by name.
func (u *upstream) accounts() map[string]account {
	u.mu.Lock()
	defer u.mu.Unlock()

	all := make(map[string]account, len(u.made))
	for name, one := range u.made {
		all[name] = one
	}

	return all
}

func atOnce() time.Duration { return 0 }

type recorder struct {
	http.ResponseWriter

	body bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// signUp signs somebody up at an address, over a connection of its own, and
// returns when the whole answer has come. Only a success is no error.
func signUp(addr, name string) error {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()

	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))

	if _, err := io.WriteString(conn, signUpRequest(name)); err != nil {
		return err
	}

	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}

	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("signing %s up: %s: %.200s", name, res.Status, body)
	}

	return nil
}

// hangUp sends a whole sign-up and closes the connection that long after.
func hangUp(addr, name string, after time.Duration) {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return
	}

	_, _ = io.WriteString(conn, signUpRequest(name))
	// Not a wait for something: the moment of leaving is what is tested.
	time.Sleep(after)

	_ = conn.Close()
}

func signUpRequest(name string) string {
	return webui.SignUpRequest("chat.test", webui.SignUpPath, name, webui.EmailOf(name))
}

// idOf is the webhook-id that an account's notice must have, whatever happens.
func idOf(made account) string { return delivery.WebhookID(middleware, made.id) }

// chance is a source of choices that is the same each time for a seed and a
// purpose. It is for one goroutine.
func chance(t testing.TB, purpose uint64) *rand.Rand {
	t.Helper()

	return rand.New(rand.NewPCG(uint64(environ.Number(t, "CHAOS_SEED", 1)), purpose))
}

// upTo is a random time.
func upTo(r *rand.Rand, limit time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(limit)))
}
