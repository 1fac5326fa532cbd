package doors

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	signInPath   = "/api/v1/auths/signin"
	ldapPath     = "/api/v1/auths/ldap"
	addPath      = "/api/v1/auths/add"
	scimPath     = "/api/v1/scim/v2/Users"
	sessionPath  = "/api/v1/auths/"
	exchangePath = "/api/v1/auths/oauth/oidc/token/exchange"
)

// patience is for what takes milliseconds, or seconds on a busy machine.
const patience = time.Minute

// person is what Open WebUI says of somebody who has come or signs in.
type person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Role  string `json:"role"`
	Token string `json:"token"`

	// Where a second factor is asked for.
	NextStep  string `json:"next_step"`
	Challenge string `json:"challenge_token"`
}

// visitor is somebody's client at a Traefik.
type visitor struct {
	base  string
	host  string // "" is that of base
	token string

	header map[string]string
}

// client goes nowhere by itself, and asks for no compression.
var client = &http.Client{
	Timeout:       patience,
	Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 50},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// as is the same visitor with a session.
func (v visitor) as(token string) visitor {
	v.token = token
	return v
}

// try sends a request, and returns the answer's status and body.
func (v visitor) try(ctx context.Context, method, path string, in any) (int, []byte, error) {
	var body io.Reader

	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return 0, nil, err
		}

		body = bytes.NewReader(text)
	}

	req, err := http.NewRequestWithContext(ctx, method, v.base+path, body)
	if err != nil {
		return 0, nil, err
	}

	req.Host = v.host

	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	if v.token != "" {
		req.Header.Set("Authorization", "Bearer "+v.token)
	}

	for name, value := range v.header {
		req.Header.Set(name, value)
	}

	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)

	return res.StatusCode, text, err
}

// ask is try for what has to succeed.
func (v visitor) ask(t testing.TB, method, path string, in any) person {
	t.Helper()

	var p person

	v.fetch(t, method, path, in, &p)

	return p
}

// fetch is ask for another kind of answer.
func (v visitor) fetch(t testing.TB, method, path string, in, out any) {
	t.Helper()

	status, text, err := v.try(t.Context(), method, path, in)
	if err != nil {
		t.Fatal(err)
	}

	if status/100 != 2 {
		t.Fatalf("%s %s: got: %d %.300s, want: a success", method, path, status, text)
	}

	if err := json.Unmarshal(text, out); err != nil {
		t.Fatalf("%s %s: got: %.300s (%v), want: JSON", method, path, text, err)
	}
}

func (v visitor) signUp(t testing.TB, name, email string) person {
	t.Helper()

	return v.ask(t, http.MethodPost, webui.SignUpPath, json.RawMessage(webui.SignUpBody(name, email)))
}

func (v visitor) signIn(t testing.TB, email string) person {
	t.Helper()

	return v.ask(t, http.MethodPost, signInPath, map[string]string{"email": email, "password": webui.Password})
}

func (v visitor) add(t testing.TB, name, email string) person {
	t.Helper()

	return v.ask(t, http.MethodPost, addPath, map[string]string{
		"name": name, "email": email, "password": webui.Password, "role": "user", "profile_image_url": "",
	})
}

// load is what a browser asks at each full page load.
func (v visitor) load(t testing.TB) person {
	t.Helper()

	return v.ask(t, http.MethodGet, sessionPath, nil)
}

// told is a notice's text as the tests configure it.
func told(event string, p person) string {
	return fmt.Sprintf("%s|%s|%s|%s", event, p.ID, p.Name, p.Email)
}

const message = "{event}|{id}|{name}|{email}"
