package delivery

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

func TestOwnCertificateAuthority(t *testing.T) {
	t.Parallel()

	ca, r := newAuthority(t), receiver.Run(t)
	server := secure(t, r, &tls.Config{Certificates: []tls.Certificate{ca.issue(t, "127.0.0.1", tomorrow())}})
	text := configuration(newApp(t), site{"site", options{"webhookURLFile": secretFile(t, secretURL(server.URL))}})

	// Set, but to nothing, it counts as not set.
	without := traefik.Run(t, traefik.Options{Dynamic: text, Env: []string{"SSL_CERT_FILE="}})
	signUp(t, without, "site", "Tim")

	line := awaitSaid(t, without, "site", "was not delivered")
	if want := "its certificate comes from an authority that is unknown here. Check "; !strings.Contains(line, want) {
		t.Errorf("got: %s, want: %s", line, want)
	}

	if got := r.Tries(); len(got) != 0 {
		t.Errorf("got: %d requests without SSL_CERT_FILE, want: none", len(got))
	}

	with := traefik.Run(t, traefik.Options{Dynamic: text, Env: []string{"SSL_CERT_FILE=" + ca.file(t)}})
	signUp(t, with, "site", "Tim")

	if got := taken(t, r, 1)[0].Body; got != receiver.Greeting+"Tim" {
		t.Errorf("got: %q with SSL_CERT_FILE, want: %q", got, receiver.Greeting+"Tim")
	}

	wantNoSecret(t, without)
	wantNoSecret(t, with)
}

// TestProxy has names that the proxy alone can resolve, since Go asks no proxy
// for the way to 127.0.0.1. The address 0.0.0.0 is this machine too, and none
// of Go's exceptions.
func TestProxy(t *testing.T) {
	t.Parallel()

	ca := newAuthority(t)
	serve := func(name string) (*receiver.Receiver, string) {
		r := receiver.Run(t)
		server := secure(t, r, &tls.Config{Certificates: []tls.Certificate{ca.issue(t, name, tomorrow())}})

		return r, server.Listener.Addr().String()
	}

	proxied, address := serve("receiver.example")
	alsoProxied, alsoAddress := serve("0.0.0.0")
	_, alsoPort, _ := net.SplitHostPort(alsoAddress)
	direct, directAddress := serve("0.0.0.0")
	_, directPort, _ := net.SplitHostPort(directAddress)

	middle := &proxy{
		ways:    map[string]string{"receiver.example:443": address, "0.0.0.0:" + alsoPort: alsoAddress},
		refuses: map[string]int{"locked.example:443": 407, "forbidden.example:443": 403, "away.example:502": 502},
	}
	server := httptest.NewServer(middle)
	t.Cleanup(server.Close)

	tests := []struct {
		name string
		at   string
		want string // in the log, a regular expression; none where it is delivered
	}{
		{name: "proxied", at: "https://receiver.example"},
		{name: "also-proxied", at: "https://0.0.0.0:" + alsoPort},
		{name: "direct", at: "https://0.0.0.0:" + directPort},
		{name: "locked", at: "https://locked.example", want: `the proxy answered 407 Proxy Authentication Required\. Check HTTPS_PROXY, .* user and password`},
		{name: "forbidden", at: "https://forbidden.example", want: `the proxy answered 403 Forbidden\. Check HTTPS_PROXY, .* lets Traefik through`},
		{name: "away", at: "https://away.example:502", want: `the proxy answered 502 Bad Gateway\. Check HTTPS_PROXY, `},
		// A host of its own, for what goes through a tunnel that is open needs
		// no proxy any more.
		{name: "down", at: "https://down.example", want: `the proxy was not reached\. Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY where Traefik runs, and the proxy itself: whether it is running`},
	}

	sites := []site{}
	for _, test := range tests {
		sites = append(sites, site{test.name, options{"webhookURLFile": secretFile(t, secretURL(test.at))}})
	}

	p := traefik.Run(t, traefik.Options{
		Dynamic: configuration(newApp(t), sites...),
		Env: []string{
			"SSL_CERT_FILE=" + ca.file(t),
			"HTTPS_PROXY=" + strings.Replace(server.URL, "://", "://"+secretUser+":"+secretPassword+"@", 1),
			"NO_PROXY=nothing.example,0.0.0.0:" + directPort,
		},
	})

	for _, test := range tests {
		if test.name == "down" {
			server.Close()
		}

		signUp(t, p, test.name, "Tim")

		if test.want == "" {
			continue
		}

		line := awaitSaid(t, p, test.name, "was not delivered")
		want := regexp.MustCompile(`@file: notice msg_[0-9a-f]{32} was not delivered to ` + regexp.QuoteMeta(test.at) + `: ` + test.want)

		if !want.MatchString(line) {
			t.Errorf("%s: got: %s, want: %s", test.name, line, want)
		}
	}

	for desc, r := range map[string]*receiver.Receiver{"proxied": proxied, "also proxied": alsoProxied, "direct": direct} {
		got := taken(t, r, 1)[0]
		if got.Body != receiver.Greeting+"Tim" || got.Header.Get("Proxy-Authorization") != "" {
			t.Errorf("%s: got: %q and Proxy-Authorization %q, want: %q and none", desc, got.Body, got.Header.Get("Proxy-Authorization"), receiver.Greeting+"Tim")
		}
	}

	asked := middle.hosts()
	for _, want := range []string{"receiver.example:443", "0.0.0.0:" + alsoPort, "locked.example:443", "forbidden.example:443", "away.example:502"} {
		if !slices.Contains(asked, want) {
			t.Errorf("got: %q asked of the proxy, want: %s among them", asked, want)
		}
	}

	if slices.Contains(asked, "0.0.0.0:"+directPort) {
		t.Errorf("got: %q asked of the proxy, want: what NO_PROXY names not among them", asked)
	}

	basic := base64.StdEncoding.EncodeToString([]byte(secretUser + ":" + secretPassword))
	if got := middle.authorization(); got != "Basic "+basic {
		t.Errorf("got: Proxy-Authorization %q, want: the user and password of HTTPS_PROXY", got)
	}

	wantNoSecret(t, p, basic)
}

// proxy is an HTTP proxy that knows the method CONNECT alone.
type proxy struct {
	ways    map[string]string // addresses by what is asked for
	refuses map[string]int    // statuses by the same

	mu    sync.Mutex
	asked []string
	auth  string
}

func (p *proxy) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodConnect {
		rw.WriteHeader(http.StatusMethodNotAllowed)
		return
	}

	p.mu.Lock()
	p.asked = append(p.asked, req.Host)
	p.auth = req.Header.Get("Proxy-Authorization")
	p.mu.Unlock()

	if status := p.refuses[req.Host]; status != 0 {
		rw.WriteHeader(status)
		return
	}

	there, err := net.Dial("tcp", p.ways[req.Host])
	if err != nil {
		rw.WriteHeader(http.StatusBadGateway)
		return
	}

	here, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		_ = there.Close()
		return
	}

	_, _ = fmt.Fprint(here, "HTTP/1.1 200 OK\r\n\r\n")

	go pass(there, here)
	go pass(here, there)
}

func pass(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
}

func (p *proxy) hosts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()

	return slices.Clone(p.asked)
}

func (p *proxy) authorization() string {
	p.mu.Lock()
	defer p.mu.Unlock()

	return p.auth
}
