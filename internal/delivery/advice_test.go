package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestExplainError(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connect: connection refused")}
	proxy := &net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused}
	lost := &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "proxy.example", IsNotFound: true}}
	tests := []struct {
		desc  string
		err   error
		check string
	}{
		{desc: "unknown host", err: &net.DNSError{Err: "no such host", Name: "secret.example", IsNotFound: true}, check: "its host name was not found"},
		{desc: "no name server", err: &net.DNSError{Err: "server misbehaving", Name: "secret.example"}, check: "could not be looked up"},
		{desc: "a timeout", err: context.DeadlineExceeded, check: "no answer within 10s"},
		{desc: "refused", err: refused, check: "refused the connection"},
		{desc: "unreachable", err: errors.New("connect: no route to host"), check: "network was not reached"},
		{desc: "reset", err: errors.New("read: connection reset by peer"), check: "reset the connection"},
		{desc: "reset while writing", err: errors.New("write: broken pipe"), check: "reset the connection"},
		{desc: "a proxy that is down", err: proxy, check: "the proxy was not reached"},
		{desc: "a proxy whose name is wrong", err: lost, check: "the proxy was not reached"},
		{desc: "a proxy that refuses", err: checkProxy(context.Background(), nil, nil, &http.Response{StatusCode: 407}), check: "the proxy answered 407 Proxy Authentication Required"},
		{desc: "an untrusted authority", err: x509.UnknownAuthorityError{}, check: "unknown here"},
		{desc: "an expired certificate", err: &tls.CertificateVerificationError{Err: errors.New("x509: certificate has expired or is not yet valid: ")}, check: "has expired"},
		{desc: "another wrong certificate", err: &tls.CertificateVerificationError{Err: errors.New("x509: too many intermediates")}, check: "not trusted here"},
		{desc: "another host's certificate", err: x509.HostnameError{Host: "secret", Certificate: &x509.Certificate{}}, check: "another host name"},
		{desc: "no TLS", err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, check: "does not speak TLS"},
		{desc: "HTTP on an https URL", err: errors.New("http: server gave HTTP response to HTTPS client"), check: "does not speak TLS"},
		{desc: "TLS on an http URL", err: errors.New("malformed HTTP response \"\\x15\\x03\""), check: "does not speak HTTP"},
		{desc: "no handshake", err: errors.New("remote error: tls: certificate required"), check: "TLS handshake failed"},
		{desc: "broken off", err: io.EOF, check: "broke off"},
	}
	for _, test := range tests {
		err := &url.Error{Op: "Post", URL: "https://unreachable.example/secret-proxyconnect", Err: test.err}
		got := explainError(err, 10*time.Second)
		if !strings.Contains(got, test.check) {
			t.Errorf("%s: got: %q, want in it: %q", test.desc, got, test.check)
		}
		if strings.Contains(got, "secret") {
			t.Errorf("%s: the reason holds a secret: %q", test.desc, got)
		}
	}
}
