package delivery

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// What a line says at its end of what comes next.
const (
	later = `The next try is in [0-9.ms]+`
	hold  = `Everything waits. The next try is in [0-9.ms]+, and at once when the configuration changes`
	aside = `It steps aside for the others and is tried again later`
)

// TestEachFailureSaysWhatToCheck has a receiver of its own for each row.
// Numbers in want are numbers of the answer, so that no two rows read alike.
func TestEachFailureSaysWhatToCheck(t *testing.T) {
	t.Parallel()

	elsewhere := receiver.Run(t)
	known, unknown := newAuthority(t), newAuthority(t)

	issue := func(a *authority, host string, until time.Time) string {
		config := &tls.Config{Certificates: []tls.Certificate{a.issue(t, host, until)}}
		return secure(t, receiver.Run(t), config).URL
	}

	tests := []struct {
		desc string
		at   string // the receiver's base URL
		want string // a regular expression
		next string
	}{
		{
			desc: "refused", at: "http://" + closedPort(t), next: later,
			want: `it refused the connection\. Check that the receiver is running, the port in the URL, and whether a firewall blocks the way\.`,
		},
		{
			desc: "reset", at: "http://" + listen(t, resetRequest), next: later,
			want: `it reset the connection\. Check whether the receiver is restarting, and whether a firewall or proxy cuts the connection\.`,
		},
		{
			desc: "reset-at-once", at: "http://" + listen(t, resetAtOnce), next: later,
			want: `it reset the connection\. Check whether the receiver is restarting, and whether a firewall or proxy cuts the connection\.`,
		},
		{
			desc: "closed", at: "http://" + listen(t, closeAfterRequest), next: later,
			want: `the connection broke off without an answer\. Check the receiver's own log: `,
		},
		{
			desc: "hangs", at: "http://" + listen(t, hang), next: later,
			want: `no answer within 1s\. Check whether the receiver is down or too slow, or whether a firewall or proxy swallows the request\.`,
		},
		{
			desc: "no-http", at: "http://" + listen(t, speakSMTP), next: later,
			want: `it does not speak HTTP\. Check that the URL's scheme \(http or https\) and port are right\.`,
		},
		{
			desc: "tls-on-a-plain-port", at: "https" + strings.TrimPrefix(receiver.Run(t).URL(), "http"), next: later,
			want: `it does not speak TLS\. Check that the URL's scheme \(http or https\) and port are right\.`,
		},
		{
			desc: "tls-on-another-port", at: "https://" + listen(t, speakSMTP), next: later,
			want: `it does not speak TLS\. Check that the URL's scheme \(http or https\) and port are right\.`,
		},
		{
			// Go's, nginx's and Apache's servers say 400.
			desc: "plain-on-a-tls-port", at: "http" + strings.TrimPrefix(issue(known, "127.0.0.1", tomorrow()), "https"), next: aside,
			want: `it answered 400 Bad Request\. Check .*whether the URL must begin with https`,
		},
		{
			// Others send what plain HTTP cannot read.
			desc: "plain-on-another-tls-port", at: "http://" + listen(t, speakTLSAlert), next: later,
			want: `it does not speak HTTP\. Check that the URL's scheme \(http or https\) and port are right\.`,
		},
		{
			desc: "unknown-ca", at: issue(unknown, "127.0.0.1", tomorrow()), next: later,
			want: `its certificate comes from an authority that is unknown here\. Check .*SSL_CERT_FILE where Traefik runs`,
		},
		{
			desc: "wrong-host-name", at: issue(known, "other.example", tomorrow()), next: later,
			want: `its certificate is for another host name\. Check the host name in the URL`,
		},
		{
			desc: "expired", at: issue(known, "127.0.0.1", time.Now().Add(-time.Hour)), next: later,
			want: `its certificate has expired or is not valid yet\. Check .*the clock where Traefik runs`,
		},
		{
			desc: "old-tls", next: later,
			at: secure(t, receiver.Run(t), &tls.Config{
				Certificates: []tls.Certificate{known.issue(t, "127.0.0.1", tomorrow())},
				MinVersion:   tls.VersionTLS10,
				MaxVersion:   tls.VersionTLS11,
			}).URL,
			want: `the TLS handshake failed\. Check the URL's host and port, and whether the receiver wants another version of TLS or a certificate of the client\.`,
		},
		{
			desc: "unknown-host", at: "http://nobody.invalid", next: later,
			want: `its host name was not found\. Check the host name in the URL, and the name resolution where Traefik runs\.`,
		},
		{desc: "301", at: answering(t, 301, "Location", elsewhere.URL()+"/"+secretPath), next: hold, want: `it answered 301 Moved Permanently\. Check the URL: .*redirects are not followed`},
		{desc: "302", at: answering(t, 302, "Location", elsewhere.URL()+"/"+secretPath), next: hold, want: `it answered 302 Found\. Check the URL: .*redirects are not followed`},
		{desc: "303", at: answering(t, 303, "Location", elsewhere.URL()+"/"+secretPath), next: hold, want: `it answered 303 See Other\. Check the URL: .*redirects are not followed`},
		{desc: "307", at: answering(t, 307, "Location", elsewhere.URL()+"/"+secretPath), next: hold, want: `it answered 307 Temporary Redirect\. Check the URL: .*redirects are not followed`},
		{desc: "308", at: answering(t, 308, "Location", elsewhere.URL()+"/"+secretPath), next: hold, want: `it answered 308 Permanent Redirect\. Check the URL: .*redirects are not followed`},
		{desc: "400", at: answering(t, 400), next: aside, want: `it answered 400 Bad Request\. Check that the option format fits the receiver, .*filter`},
		{desc: "401", at: answering(t, 401), next: hold, want: `it answered 401 Unauthorized\. Check whether the key .* is invalid, expired or revoked, .*firewall or proxy`},
		{desc: "403", at: answering(t, 403), next: hold, want: `it answered 403 Forbidden\. Check whether the key .* is invalid, expired or revoked, .*firewall or proxy`},
		{desc: "404", at: answering(t, 404), next: hold, want: `it answered 404 Not Found\. Check that the webhook still exists and is switched on at the receiving service, and that its URL is right\.`},
		{desc: "405", at: answering(t, 405), next: hold, want: `it answered 405 Method Not Allowed\. Check that the URL is the webhook's own`},
		{desc: "407", at: answering(t, 407), next: hold, want: `it answered 407 Proxy Authentication Required\. Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY`},
		{desc: "410", at: answering(t, 410), next: hold, want: `it answered 410 Gone\. Check that the webhook still exists`},
		{desc: "413", at: answering(t, 413), next: aside, want: `it answered 413 Request Entity Too Large\. Check how long a text the receiver takes, and shorten the option message`},
		{desc: "429", at: answering(t, 429, "Retry-After", "1"), next: `The next try is in 1s`, want: `it answered 429 Too Many Requests\. Check the receiver's limit: it asks for fewer notices`},
		{desc: "500", at: answering(t, 500), next: later, want: `it answered 500 Internal Server Error\. Check the receiver's own log`},
		{desc: "502", at: answering(t, 502), next: later, want: `it answered 502 Bad Gateway\. Check that the receiver is running: the gateway or proxy in front of it`},
		{desc: "503", at: answering(t, 503), next: later, want: `it answered 503 Service Unavailable\. Check the receiver's own log: it is down, overloaded`},
		{desc: "504", at: answering(t, 504), next: later, want: `it answered 504 Gateway Timeout\. Check that the receiver is running: the gateway or proxy in front of it`},
	}

	sites := make([]site, 0, len(tests))

	for _, test := range tests {
		timeout := "10s"
		if test.desc == "hangs" {
			timeout = "1s"
		}

		sites = append(sites, site{name: test.desc, options: options{
			"webhookURLFile": secretFile(t, secretURL(test.at)),
			"headers":        map[string]string{"X-Key": secretHeader},
			"timeout":        timeout,
		}})
	}

	p := traefik.Run(t, traefik.Options{
		Dynamic: configuration(newApp(t), sites...),
		Env:     []string{"SSL_CERT_FILE=" + known.file(t)},
	})

	t.Run("failures", func(t *testing.T) {
		for _, test := range tests {
			t.Run(test.desc, func(t *testing.T) {
				t.Parallel()

				if test.desc == "unknown-host" {
					needResolver(t)
				}

				signUp(t, p, test.desc, "Tim")

				// Behind the time, the plugin's words alone.
				want := regexp.MustCompile(`signupwebhook: ` + test.desc + `@file: notice msg_[0-9a-f]{32} was not delivered to ` +
					regexp.QuoteMeta(test.at) + `: ` + test.want + `.* Failure 1, 1 waiting\. ` + test.next + `\.`)

				if got := awaitSaid(t, p, test.desc, "was not delivered"); !want.MatchString(got) {
					t.Errorf("got: %s, want: %s", got, want)
				}
			})
		}
	})

	if got := len(elsewhere.Tries()); got != 0 {
		t.Errorf("got: %d requests at the address of a redirect, want: none", got)
	}

	wantNoSecret(t, p)
}

// answering is a receiver that answers always the same.
func answering(t *testing.T, status int, header ...string) string {
	t.Helper()

	r := receiver.Run(t)
	r.Answer(status, header...)

	return r.URL()
}

// closedPort is an address that nobody listens at.
func closedPort(t *testing.T) string {
	t.Helper()

	port, err := process.FreePort()
	if err != nil {
		t.Fatal(err)
	}

	return fmt.Sprintf("127.0.0.1:%d", port)
}

// listen hands each connection to serve and closes it then.
func listen(t *testing.T, serve func(ctx context.Context, conn *net.TCPConn)) string {
	t.Helper()

	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = listener.Close() })

	ctx := t.Context()

	go func() {
		for {
			conn, err := listener.AcceptTCP()
			if err != nil {
				return // closed
			}

			go func() {
				defer func() { _ = conn.Close() }()

				serve(ctx, conn)
			}()
		}
	}()

	return listener.Addr().String()
}

// readRequest reads a request to its end, for closing a socket with unread
// bytes is a reset.
func readRequest(conn net.Conn) {
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err == nil {
		_, _ = io.Copy(io.Discard, req.Body)
	}
}

func closeAfterRequest(_ context.Context, conn *net.TCPConn) { readRequest(conn) }

func resetAtOnce(_ context.Context, conn *net.TCPConn) { _ = conn.SetLinger(0) }

func resetRequest(_ context.Context, conn *net.TCPConn) {
	readRequest(conn)

	_ = conn.SetLinger(0)
}

func hang(ctx context.Context, _ *net.TCPConn) { <-ctx.Done() }

// speakSMTP waits for the first bytes, whatever they are, since a receiver.Greeting
// before them would be another failure.
func speakSMTP(_ context.Context, conn *net.TCPConn) {
	first := make([]byte, 4<<10)
	_, _ = conn.Read(first)
	_, _ = io.WriteString(conn, "220 mail.example ESMTP\r\n")
	// Until the other side leaves: a reset would overtake the words.
	_, _ = io.Copy(io.Discard, conn)
}

// speakTLSAlert answers as OpenSSL does to what is no handshake.
func speakTLSAlert(_ context.Context, conn *net.TCPConn) {
	readRequest(conn)

	_, _ = io.WriteString(conn, "\x15\x03\x01\x00\x02\x02\x46")
}

// needResolver leaves a test out where the machine says something else of a
// name that exists nowhere (RFC 6761), as it does without a network.
func needResolver(t *testing.T) {
	t.Helper()

	_, err := net.DefaultResolver.LookupHost(wait.AtMost(t, patience), "nobody.invalid")

	var failure *net.DNSError
	if !errors.As(err, &failure) || !failure.IsNotFound {
		t.Skipf("left out: this machine's resolver answers %v for a name that does not exist", err)
	}
}

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
