package recipes

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// network is the outside as Traefik sees it: a proxy behind which every host
// is one of the test's handlers, with a certificate for https. So the page's
// addresses need not be changed to be tried.
type network struct {
	proxy *httptest.Server
	inner *httptest.Server
	roots string // a file with the certificate to trust

	mu    sync.Mutex
	hosts map[string]http.Handler
}

// newNetwork serves https for those host names, and http for all.
func newNetwork(t *testing.T, names []string) *network {
	t.Helper()

	n := &network{hosts: map[string]http.Handler{}, roots: filepath.Join(t.TempDir(), "roots.pem")}

	certificate := selfSigned(t, names)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})

	if err := os.WriteFile(n.roots, text, 0o600); err != nil {
		t.Fatal(err)
	}

	n.inner = httptest.NewUnstartedServer(http.HandlerFunc(n.serve))
	n.inner.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	n.inner.StartTLS()
	t.Cleanup(n.inner.Close)

	n.proxy = httptest.NewServer(http.HandlerFunc(n.pass))
	t.Cleanup(n.proxy.Close)

	return n
}

// environment has a program go through the network, but for loopback.
func (n *network) environment() []string {
	return []string{"HTTP_PROXY=" + n.proxy.URL, "HTTPS_PROXY=" + n.proxy.URL, "SSL_CERT_FILE=" + n.roots}
}

// place puts a handler at a host, as it stands in URLs.
func (n *network) place(host string, handler http.Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()

	n.hosts[host] = handler
}

func (n *network) vacate(host string) {
	n.mu.Lock()
	defer n.mu.Unlock()

	delete(n.hosts, host)
}

func (n *network) serve(rw http.ResponseWriter, req *http.Request) {
	n.mu.Lock()
	handler, ok := n.hosts[req.Host]
	n.mu.Unlock()

	if !ok {
		http.Error(rw, "nobody lives at "+req.Host, http.StatusBadGateway)
		return
	}

	handler.ServeHTTP(rw, req)
}

// pass is the proxy: plain requests are served here, and each tunnel leads to
// the server that has the certificate.
func (n *network) pass(rw http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodConnect {
		n.serve(rw, req)
		return
	}

	outer, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = outer.Close() }()

	inner, err := net.Dial("tcp", n.inner.Listener.Addr().String())
	if err != nil {
		return
	}
	defer func() { _ = inner.Close() }()

	if _, err := io.WriteString(outer, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}

	go func() {
		_, _ = io.Copy(inner, outer)
		_ = inner.Close()
	}()

	_, _ = io.Copy(outer, inner)
}

// selfSigned is a certificate for names that is its own authority.
func selfSigned(t *testing.T, names []string) tls.Certificate {
	t.Helper()

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "The hosts of the recipes"},
		DNSNames:              names,
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}

	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}

	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}
