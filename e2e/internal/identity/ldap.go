package identity

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/jimlambrt/gldap"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
)

const (
	base  = "ou=people,dc=example,dc=org"
	appDN = "cn=open-webui,dc=example,dc=org"
)

// uid is what Open WebUI's filter asks for, (&(uid=tim)), and what a person's
// distinguished name begins with.
var (
	uidInFilter = regexp.MustCompile(`\(uid=([a-z0-9.]+)\)`)
	uidInDN     = regexp.MustCompile(`^uid=([a-z0-9.]+),` + base + `$`)
)

// Directory is an LDAP server on loopback that knows everybody: whatever the
// login, letters and dots, there is such a person with Password.
type Directory struct {
	port   int
	server *gldap.Server
	failed chan error
}

// StartDirectory starts one.
func StartDirectory() (*Directory, error) {
	var d *Directory

	err := process.OnFreePort(func(port int) error {
		var err error

		d, err = startDirectory(port)

		return err
	})

	return d, err
}

func startDirectory(port int) (*Directory, error) {
	server, err := gldap.NewServer()
	if err != nil {
		return nil, err
	}

	mux, err := gldap.NewMux()
	if err != nil {
		return nil, err
	}

	if err := errors.Join(mux.Bind(bind), mux.Search(search), server.Router(mux)); err != nil {
		return nil, err
	}

	d := &Directory{port: port, server: server, failed: make(chan error, 1)}

	go func() { d.failed <- server.Run(fmt.Sprintf("127.0.0.1:%d", port)) }()

	for deadline := time.Now().Add(10 * time.Second); !server.Ready(); {
		select {
		case err := <-d.failed:
			return nil, fmt.Errorf("starting an LDAP server: %w", err)
		case <-time.After(5 * time.Millisecond): // it tells nobody when it is ready
		}

		if time.Now().After(deadline) {
			return nil, errors.New("starting an LDAP server: it does not get ready")
		}
	}

	return d, nil
}

// Stop ends it.
func (d *Directory) Stop() { _ = d.server.Stop() }

// URL is its address.
func (d *Directory) URL() string { return fmt.Sprintf("ldap://127.0.0.1:%d", d.port) }

// Env is what tells Open WebUI of it.
func (d *Directory) Env() []string {
	return []string{
		"ENABLE_LDAP=true",
		"LDAP_SERVER_HOST=127.0.0.1",
		fmt.Sprintf("LDAP_SERVER_PORT=%d", d.port),
		"LDAP_USE_TLS=false",
		"LDAP_APP_DN=" + appDN,
		"LDAP_APP_PASSWORD=" + Password,
		"LDAP_SEARCH_BASE=" + base,
	}
}

func bind(w *gldap.ResponseWriter, r *gldap.Request) {
	res := r.NewBindResponse(gldap.WithResponseCode(gldap.ResultInvalidCredentials))
	defer func() { _ = w.Write(res) }()

	m, err := r.GetSimpleBindMessage()
	if err != nil {
		return
	}

	if known := m.UserName == appDN || uidInDN.MatchString(m.UserName); known && string(m.Password) == Password {
		res.SetResultCode(gldap.ResultSuccess)
	}
}

func search(w *gldap.ResponseWriter, r *gldap.Request) {
	res := r.NewSearchDoneResponse(gldap.WithResponseCode(gldap.ResultSuccess))
	defer func() { _ = w.Write(res) }()

	m, err := r.GetSearchMessage()
	if err != nil {
		res.SetResultCode(gldap.ResultOperationsError)
		return
	}

	match := uidInFilter.FindStringSubmatch(m.Filter)
	if match == nil || m.BaseDN != base {
		return // nobody
	}

	login := match[1]

	_ = w.Write(r.NewSearchResponseEntry(fmt.Sprintf("uid=%s,%s", login, base), gldap.WithAttributes(map[string][]string{
		"uid":  {login},
		"cn":   {NameOf(login)},
		"mail": {EmailOf(login)},
	})))
}
