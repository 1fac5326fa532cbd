// Package webui runs a real Open WebUI, reads the answers recorded from one,
// and stands in for one where the real thing would be too slow.
package webui

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// Password is what all accounts of tests and recordings have. It is none.
const Password = "not-a-real-password"

// adminEmail is the address of the account that Open makes.
const adminEmail = "admin@example.org"

// A first start makes a database; on a busy machine that takes its time.
const patience = 3 * time.Minute

// Options say what to start.
type Options struct {
	// Version of Open WebUI; "" is tools.OpenWebUIVersion.
	Version string

	// Env is added to the server's environment, such as ENABLE_SCIM=true.
	// ENABLE_MFA=true keeps Open from signing its admin in: call
	// RequireSecondFactor instead.
	Env []string

	// Dir holds its data and its log. "" is a new folder, removed by Stop.
	Dir string

	// Launched, where it is set, is called when the process runs and does not
	// answer yet; once more where its port was taken and it got another.
	Launched func(s *Server)
}

// Server is a running Open WebUI.
type Server struct {
	options Options
	dir     string
	port    int
	admin   string
	process *process.Process
}

// Account is what the server says of an account.
type Account struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Role  string `json:"role"`
	Token string `json:"token"`
}

// Run starts Open WebUI for a test, with an admin and with sign-up on. At the
// test's end it is stopped, and its log shown if the test failed.
func Run(t testing.TB, options Options) *Server {
	t.Helper()

	if options.Dir == "" {
		options.Dir = t.TempDir()
	}

	s, err := Start(t.Context(), options)
	tools.Check(t, err)

	t.Cleanup(func() {
		s.Stop()

		if t.Failed() {
			t.Logf("Open WebUI's log:\n%s", s.Log())
		}
	})

	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}

	return s
}

// Start starts an Open WebUI without any account and waits until it answers,
// which takes from eight seconds to half a minute.
func Start(ctx context.Context, options Options) (*Server, error) {
	program, err := tools.OpenWebUI(ctx, options.Version)
	if err != nil {
		return nil, err
	}

	s := &Server{options: options, dir: options.Dir}

	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "open-webui-"); err != nil {
			return nil, err
		}
	}

	err = process.OnFreePort(func(port int) error {
		s.port = port
		return s.launch(ctx, program)
	})
	if err != nil {
		s.Stop()
		return nil, err
	}

	return s, nil
}

func (s *Server) launch(ctx context.Context, program string) error {
	data, static := filepath.Join(s.dir, "data"), filepath.Join(s.dir, "static")
	for _, dir := range []string{data, static} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}

	// Open WebUI reads a WEBHOOK_URL too, and would call it.
	env := process.Environ([]string{"WEBHOOK_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"},
		"DATA_DIR="+data,
		// By default a folder inside the package, which its start empties.
		"STATIC_DIR="+static,
		"WEBUI_SECRET_KEY="+rand.Text(),
		"OFFLINE_MODE=true",
		"USE_SLIM_DOCKER=true",
		"RAG_EMBEDDING_ENGINE=openai",
		"ENABLE_OLLAMA_API=False",
		"ENABLE_OPENAI_API=False",
		"ANONYMIZED_TELEMETRY=False",
	)
	env = append(env, s.options.Env...)

	p, err := process.Start(s.dir, s.logFile(), env, program, "serve", "--host", "127.0.0.1", "--port", fmt.Sprint(s.port))
	if err != nil {
		return err
	}

	s.process = p

	if s.options.Launched != nil {
		s.options.Launched(s)
	}

	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	err = p.Await(ctx, func(ctx context.Context) error {
		return s.Call(ctx, http.MethodGet, "/health", "", nil, nil)
	})
	if err != nil {
		p.Kill()

		log := s.Log()

		return fmt.Errorf("starting Open WebUI: %w\n%s", err, log[max(0, len(log)-2000):])
	}

	return nil
}

// Open makes the first account, which becomes admin and with which sign-up
// switches itself off, and switches it on again.
func (s *Server) Open(ctx context.Context) error {
	admin, err := s.SignUp(ctx, "Admin", adminEmail)
	if err != nil {
		return fmt.Errorf("signing up the admin: %w", err)
	}

	if admin.Role != "admin" {
		return fmt.Errorf("the first account has the role %q, want admin", admin.Role)
	}

	s.UseAdmin(admin.Token)

	return s.AllowSignUp(ctx, true)
}

// AdminToken is the session of the account that Open made.
func (s *Server) AdminToken() string { return s.admin }

// UseAdmin tells the session of an admin who was made otherwise than by Open.
func (s *Server) UseAdmin(token string) { s.admin = token }

// AllowSignUp switches sign-up on or off, as the admin.
func (s *Server) AllowSignUp(ctx context.Context, on bool) error {
	return s.Configure(ctx, map[string]any{"ENABLE_SIGNUP": on})
}

// Configure changes the admin's settings.
func (s *Server) Configure(ctx context.Context, changes map[string]any) error {
	const path = "/api/v1/auths/admin/config"

	config := map[string]any{}
	if err := s.Call(ctx, http.MethodGet, path, s.admin, nil, &config); err != nil {
		return err
	}

	for name, value := range changes {
		config[name] = value
	}

	return s.Call(ctx, http.MethodPost, path, s.admin, config, nil)
}

// RequireSecondFactor switches ENABLE_MFA on for the server that Open has opened,
// and gives its admin, whose session ends with that, an authenticator and a new
// session. From then on one client address gets a hundred POSTs to the sign-up and
// its neighbours in a quarter of an hour.
func (s *Server) RequireSecondFactor(ctx context.Context) error {
	const auths = "/api/v1/auths"

	if err := s.Configure(ctx, map[string]any{"ENABLE_MFA": true}); err != nil {
		return err
	}

	var challenge struct {
		Token string `json:"challenge_token"`
	}

	if err := s.Call(ctx, http.MethodPost, auths+"/signin", "", map[string]string{"email": adminEmail, "password": Password}, &challenge); err != nil {
		return err
	}

	var setup struct {
		Key string `json:"manual_key"`
	}

	if err := s.Call(ctx, http.MethodPost, auths+"/mfa/enroll/start", "", map[string]string{"challenge_token": challenge.Token}, &setup); err != nil {
		return err
	}

	code, err := totp.GenerateCode(setup.Key, time.Now())
	if err != nil {
		return fmt.Errorf("the authenticator's key: %w", err)
	}

	var admin Account

	answer := map[string]string{"challenge_token": challenge.Token, "code": code}
	if err := s.Call(ctx, http.MethodPost, auths+"/mfa/enroll/confirm", "", answer, &admin); err != nil {
		return err
	}

	s.UseAdmin(admin.Token)

	return nil
}

// SignUpPath is where the page signs people up.
const SignUpPath = "/api/v1/auths/signup"

// SignUp makes an account as the page does.
func (s *Server) SignUp(ctx context.Context, name, email string) (Account, error) {
	var account Account

	err := s.Call(ctx, http.MethodPost, SignUpPath, "", json.RawMessage(SignUpBody(name, email)), &account)

	return account, err
}

// SignUpBody is the body that the page sends to sign somebody up.
func SignUpBody(name, email string) []byte {
	return encode(struct {
		Name     string `json:"name"`
		Email    string `json:"email"`
		Password string `json:"password"`
		Image    string `json:"profile_image_url"`
	}{name, email, Password, picture})
}

// picture is where the page puts the initials that it has drawn.
const picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

// Users are the accounts that there are.
func (s *Server) Users(ctx context.Context) ([]Account, error) {
	var list struct {
		Users []Account `json:"users"`
	}

	// Up to 0.5 the list has another place, and no object around it.
	if strings.HasPrefix(s.options.Version, "0.5.") {
		err := s.Call(ctx, http.MethodGet, "/api/v1/users/", s.admin, nil, &list.Users)
		return list.Users, err
	}

	err := s.Call(ctx, http.MethodGet, "/api/v1/users/all", s.admin, nil, &list)

	return list.Users, err
}

// Tell has the server post its own events, such as user.created, to url. For a
// url on loopback it must have been started with LocalWebhooks.
func (s *Server) Tell(ctx context.Context, url string, events ...string) error {
	return s.Call(ctx, http.MethodPost, "/api/events/webhooks", s.admin,
		map[string]any{"name": "judge", "url": url, "enabled": true, "events": events}, nil)
}

// LocalWebhooks in Options.Env lets the server's own webhooks reach loopback.
const LocalWebhooks = "ENABLE_RAG_LOCAL_WEB_FETCH=true"

// Call sends a request with a JSON body, where in is not nil, and decodes the
// answer into out, where that is not nil. Anything but 2xx is an error.
func (s *Server) Call(ctx context.Context, method, path, token string, in, out any) error {
	var body io.Reader
	if in != nil {
		body = bytes.NewReader(encode(in))
	}

	req, err := http.NewRequestWithContext(ctx, method, s.URL()+path, body)
	if err != nil {
		return err
	}

	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	if res.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 300))
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, text)
	}

	if out == nil {
		return nil
	}

	return json.NewDecoder(res.Body).Decode(out)
}

// Addr is the server's address, host and port.
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// URL is the server's base URL, without a slash at its end.
func (s *Server) URL() string { return "http://" + s.Addr() }

// Kill ends the server at once, as a crash would.
func (s *Server) Kill() { s.process.Kill() }

// Stop ends the server and removes its folder, unless the folder was the
// caller's.
func (s *Server) Stop() {
	if s.process != nil {
		s.process.Stop(5 * time.Second)
	}

	if s.options.Dir == "" {
		_ = os.RemoveAll(s.dir)
	}
}

// Log is all that the server has written.
func (s *Server) Log() string { return process.ReadLog(s.logFile()) }

func (s *Server) logFile() string { return filepath.Join(s.dir, "open-webui.log") }

// encode writes JSON as browsers and Python do, with < > & as they are.
func encode(value any) []byte {
	var out bytes.Buffer

	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)

	if err := encoder.Encode(value); err != nil {
		panic(errors.New("encoding JSON: " + err.Error())) // of maps and strings: cannot fail
	}

	return bytes.TrimRight(out.Bytes(), "\n")
}
