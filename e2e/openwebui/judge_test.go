package openwebui

import (
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

func TestFault(t *testing.T) {
	tim := webui.Account{ID: "1", Email: "tim@example.org", Name: "Tim"}
	tom := webui.Account{ID: "2", Email: "tom@example.org", Name: "Tom"}

	tests := []struct {
		desc     string
		want     Outcome
		accounts []webui.Account
		notices  []string
		fault    bool
	}{
		{desc: "announced", accounts: []webui.Account{tim}, notices: []string{"1 tim@example.org Tim"}},
		{desc: "not announced", accounts: []webui.Account{tim}, fault: true},
		{desc: "announced twice", accounts: []webui.Account{tim}, notices: []string{"1 tim@example.org Tim", "1 tim@example.org Tim"}, fault: true},
		{desc: "another name", accounts: []webui.Account{tim}, notices: []string{"1 tim@example.org Tom"}, fault: true},
		{desc: "no account where one is due", fault: true},
		{desc: "a notice and no account", want: Open, notices: []string{"1 tim@example.org Tim"}, fault: true},
		{desc: "an account where none is due", want: Refused, accounts: []webui.Account{tim}, notices: []string{"1 tim@example.org Tim"}, fault: true},
		{desc: "refused", want: Refused},
		{desc: "either, none", want: Open},
		{desc: "either, one, not announced", want: Open, accounts: []webui.Account{tim}, fault: true},
		{desc: "two, announced in another order", accounts: []webui.Account{tim, tom}, notices: []string{"2 tom@example.org Tom", "1 tim@example.org Tim"}},
		{desc: "two, one announced twice", accounts: []webui.Account{tim, tom}, notices: []string{"1 tim@example.org Tim", "1 tim@example.org Tim"}, fault: true},
		{desc: "white space for a name", accounts: []webui.Account{{ID: "1", Email: "tim@example.org", Name: "\n "}}, notices: []string{"1 tim@example.org tim@example.org"}},
	}

	for _, test := range tests {
		result := Result{Attempt: Attempt{Want: test.want}, Accounts: test.accounts, Notices: test.notices}
		if got := result.Fault(); (got != "") != test.fault {
			t.Errorf("%s: got: %q, want a fault: %v", test.desc, got, test.fault)
		}
	}
}
