package identity

import (
	"net/http"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

func TestDirectory(t *testing.T) {
	d, err := StartDirectory()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Stop()

	conn, err := ldap.DialURL(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()

	if err := conn.Bind(appDN, Password); err != nil {
		t.Fatal(err)
	}

	found, err := conn.Search(ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, "(&(uid=anna.maria))", nil, nil))
	if err != nil || len(found.Entries) != 1 {
		t.Fatalf("got: %v (%v), want: one entry", found, err)
	}

	entry := found.Entries[0]
	if got := entry.GetAttributeValue("cn") + " " + entry.GetAttributeValue("mail"); got != "Anna Maria anna.maria@example.org" {
		t.Errorf("got: %v", got)
	}

	if err := conn.Bind(entry.DN, Password); err != nil {
		t.Error(err)
	}

	if err := conn.Bind(entry.DN, "wrong"); err == nil {
		t.Error("got: no error for a wrong password")
	}
}

func TestProvider(t *testing.T) {
	p, err := StartProvider(t.Context(), "http://127.0.0.1:9")
	tools.Check(t, err)

	defer p.Stop()

	token, err := p.AccessToken(t.Context(), "anna.maria")
	if err != nil {
		t.Fatal(err)
	}

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.Issuer()+"/me", nil)
	if err != nil {
		t.Fatal(err)
	}

	req.Header.Set("Authorization", "Bearer "+token)

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()

	if res.StatusCode != http.StatusOK {
		t.Errorf("got: %v, want: 200", res.Status)
	}
}
