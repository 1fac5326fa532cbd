package delivery

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

func TestNoticeKeepsItsID(t *testing.T) {
	t.Parallel()

	r, app := receiver.Run(t), newApp(t)
	one := site{"one", options{"webhookURL": r.URL() + "/one", "stateDir": t.TempDir(), "message": "{name}"}}
	p := traefik.Run(t, traefik.Options{Dynamic: configuration(app, one)})

	r.Answer(http.StatusServiceUnavailable)
	signUp(t, p, "one", "Tim")

	tried, err := r.AwaitTries(wait.AtMost(t, patience), 3)
	if err != nil {
		t.Fatal(err)
	}

	before := idOf(t, tried)
	if want := regexp.MustCompile(`^msg_[0-9a-f]{32}$`); !want.MatchString(before) {
		t.Errorf("got: webhook-id %q, want: %s", before, want)
	}

	awaitSaid(t, p, "one", "notice "+before+" was not delivered to "+r.URL()+": ")
	p.Kill()

	killed := len(r.Tries())

	if err := p.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	if _, err := r.AwaitTries(wait.AtMost(t, patience), killed+1); err != nil {
		t.Fatal(err)
	}

	r.Answer(http.StatusOK)

	if got := taken(t, r, 1)[0]; got.Body != "Tim" {
		t.Errorf("got: %q after the kill, want: Tim", got.Body)
	}

	if got := idOf(t, r.Tries()); got != before {
		t.Errorf("got: webhook-id %s after the kill, want: %s again", got, before)
	}

	awaitSaid(t, p, "one", "delivered again after")

	// Another Traefik with the same configuration, where its disk is another.
	replica := one
	replica.options = options{"webhookURL": r.URL() + "/replica", "message": "{name}"}
	other := site{"other", options{"webhookURL": r.URL() + "/other", "message": "{name}"}}
	q := traefik.Run(t, traefik.Options{Dynamic: configuration(app, replica, other)})

	tests := []struct {
		desc string
		site string
		name string
		same bool
	}{
		{desc: "a second Traefik", site: "one", name: "Tim", same: true},
		{desc: "another account", site: "one", name: "Tom"},
		{desc: "another middleware", site: "other", name: "Tim"},
	}
	for i, test := range tests {
		signUp(t, q, test.site, test.name)

		got := idOf(t, taken(t, r, i+2)[i+1:])
		if (got == before) != test.same {
			t.Errorf("%s: got: webhook-id %s, want: %s %t", test.desc, got, before, test.same)
		}
	}
}
