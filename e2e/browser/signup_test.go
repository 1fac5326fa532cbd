package browser

import (
	"net/http"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
)

// TestPeopleSignUp is the check that everybody makes first: open the page,
// create an account, and look at the receiver.
func TestPeopleSignUp(t *testing.T) {
	w := shared(t)

	// The first is a sign-up as any, but its account becomes the admin's.
	if ada := accountIn(t, w.first); ada.Name != "Ada Admin" || ada.Role != "admin" {
		t.Errorf("got: %s, %s, want: Ada Admin, the admin", ada.Name, ada.Role)
	}

	const odd = `Jörg „Ümläut" O'Neill <b>ß</b> 🎉`

	tests := []struct {
		desc  string
		name  string
		email string
		want  int
		shows string
	}{
		{desc: "the second", name: "Tim", email: "tim@example.org", want: http.StatusOK, shows: "Account Activation Pending"},
		{desc: "an odd name", name: odd, email: "joerg@example.org", want: http.StatusOK, shows: "Account Activation Pending"},
		{desc: "a duplicate", name: "Tim again", email: "tim@example.org", want: http.StatusBadRequest, shows: "This email is already registered"},
	}

	since := w.mark(t)

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			p := w.person(t)

			if got := p.signUp(w.url(watchedHost), test.name, test.email); got.status != test.want {
				t.Errorf("got: %d %s, want: %d", got.status, got.body, test.want)
			}

			p.see(test.shows)
			p.keep("signup " + test.desc)
		})
	}

	w.wantNotices(t, since, "Tim", odd)

	if got := w.receiver.Taken()[0].Body; got != receiver.Greeting+"Ada Admin" {
		t.Errorf("got: %q first of all, want: the first account's notice", got)
	}
}
