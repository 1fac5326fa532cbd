package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// TestRealOpenWebUI is judged by Open WebUI's own list of its users.
func TestRealOpenWebUI(t *testing.T) {
	app := webui.Run(t, webui.Options{})
	p, r, host := shared(t), receiver.Run(t), hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL(), middlewares: []options{{"webhookURL": r.URL()}}})

	names := []string{"Tim"}

	p.signUp(t, host, "Tim")

	for i, path := range spellings {
		name := fmt.Sprint("Tim ", i)
		names = append(names, name)

		if got := raw(t, p.Addr(), signUpRequest(host, path, name)); statusOf(got) != http.StatusOK {
			t.Errorf("%s: got: %s, want: 200", path, clip(got))
		}
	}

	for _, after := range []time.Duration{5, 20, 50, 100, 200} {
		name := fmt.Sprintf("gone after %d ms", after)
		names = append(names, name)

		if err := hangUp(p.Addr(), signUpRequest(host, webui.SignUpPath, name), after*time.Millisecond); err != nil {
			t.Error(err)
		}
	}

	// Refused, all of them.
	for _, request := range []string{
		signUpRequest(host, webui.SignUpPath, "Tim"), // a duplicate
		signUpRequest(host, webui.SignUpPath+"/", "Slash"),
		signUpRequest(host, webui.SignUpPath+"%0a%0a", "Two newlines"),
	} {
		if got := statusOf(raw(t, p.Addr(), request)); got < 400 {
			t.Errorf("got: %d, want: a refusal", got)
		}
	}

	if _, err := r.Await(wait.AtMost(t, patience), len(names)); err != nil {
		t.Error(err)
	}

	wantNotices(t, p.settled(t, host, r), names...)

	users, err := app.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	var accounts []string

	for _, user := range users {
		// The admin was made behind Traefik's back.
		if user.Role != "admin" {
			accounts = append(accounts, receiver.Greeting+user.Name)
		}
	}

	slices.Sort(accounts)

	if got := receiver.SortedBodies(r.Taken()); !slices.Equal(got, accounts) {
		t.Errorf("got: %q announced, want: the accounts that there are, %q", got, accounts)
	}
}
