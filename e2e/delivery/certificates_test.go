package delivery

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// authority is a certificate authority that no machine knows.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()

	a := &authority{key: newKey(t)}
	a.certificate = &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "A test's authority"},
		NotBefore:             time.Now().Add(-48 * time.Hour),
		NotAfter:              time.Now().Add(48 * time.Hour),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	a.certificate.Raw = a.sign(t, a.certificate, a.key)

	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	return key
}

func (a *authority) sign(t *testing.T, certificate *x509.Certificate, key *ecdsa.PrivateKey) []byte {
	t.Helper()

	raw, err := x509.CreateCertificate(rand.Reader, certificate, a.certificate, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}

	return raw
}

// issue makes a certificate for a host or an address until then.
func (a *authority) issue(t *testing.T, host string, until time.Time) tls.Certificate {
	t.Helper()

	certificate := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: host},
		NotBefore:    time.Now().Add(-24 * time.Hour),
		NotAfter:     until,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		certificate.IPAddresses = []net.IP{ip}
	} else {
		certificate.DNSNames = []string{host}
	}

	key := newKey(t)

	return tls.Certificate{Certificate: [][]byte{a.sign(t, certificate, key)}, PrivateKey: key}
}

// file is what SSL_CERT_FILE wants.
func (a *authority) file(t *testing.T) string {
	t.Helper()

	file := filepath.Join(t.TempDir(), "authority.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})

	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}

	return file
}

func tomorrow() time.Time { return time.Now().Add(24 * time.Hour) }

// secure puts TLS before a handler.
func secure(t *testing.T, handler http.Handler, config *tls.Config) *httptest.Server {
	t.Helper()

	server := httptest.NewUnstartedServer(handler)
	// Handshakes that fail are what the tests are about.
	server.Config.ErrorLog = quiet()
	server.TLS = config
	server.StartTLS()
	t.Cleanup(server.Close)

	return server
}
