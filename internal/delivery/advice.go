package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// What to check, in the order in which a person would.
const (
	adviceURL      = "Check that the webhook URL is right and well formed."
	adviceGone     = "Check that the webhook still exists and is switched on at the receiving service, and that its URL is right."
	adviceKey      = "Check whether the key in the URL or in the headers is invalid, expired or revoked, or whether a firewall or proxy refuses the request."
	adviceRefused  = "Check that the option format fits the receiver, and whether a filter of the receiver refuses the text."
	adviceRedirect = "Check the URL: the receiver answers from another address (redirects are not followed, since the notice would get lost in them)."
	adviceHost     = "Check the host name in the URL, and the name resolution where Traefik runs."
	adviceConnect  = "Check that the receiver is running, the port in the URL, and whether a firewall blocks the way."
	adviceSlow     = "Check whether the receiver is down or too slow, or whether a firewall or proxy swallows the request."
	adviceTrust    = "Check the receiver's certificate; for a certificate authority of your own set SSL_CERT_FILE where Traefik runs."
	adviceTLS      = "Check that the URL's scheme (http or https) and port are right."
	adviceProxy    = "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY where Traefik runs, and the proxy itself."
	adviceDown     = "Check the receiver's own log: it is down, overloaded or faulty."
	adviceRate     = "Check the receiver's limit: it asks for fewer notices, so they are sent more slowly."
)

// statusAdvice is for the answers that say more than their class does.
var statusAdvice = map[int]string{
	400: adviceRefused,
	401: adviceKey,
	403: adviceKey,
	404: adviceGone,
	405: adviceGone,
	408: adviceSlow,
	410: adviceGone,
	413: adviceRefused,
	415: adviceRefused,
	422: adviceRefused,
	425: adviceDown,
	429: adviceRate,
}

// explainStatus says what an answer means that is no success.
func explainStatus(status int) string {
	advice := adviceOf(status)
	return fmt.Sprintf("it answered %d %s. %s", status, http.StatusText(status), advice)
}

func adviceOf(status int) string {
	advice := statusAdvice[status]
	if advice != "" {
		return advice
	}
	if status >= 300 && status <= 399 {
		return adviceRedirect
	}
	if status >= 500 {
		return adviceDown
	}
	return adviceRefused
}

// explainError says why there was no answer. The error itself is not shown:
// its text holds the URL.
func explainError(err error, timeout time.Duration) string {
	var host *net.DNSError
	if errors.As(err, &host) {
		return "its host name was not found. " + adviceHost
	}
	if strings.Contains(err.Error(), "proxyconnect") {
		return "the proxy could not be reached or refused. " + adviceProxy
	}
	if isCertificate(err) {
		return "its certificate is not trusted here. " + adviceTrust
	}
	if isTimeout(err) {
		return fmt.Sprintf("no answer within %s. %s", timeout, adviceSlow)
	}
	var record tls.RecordHeaderError
	if errors.As(err, &record) || strings.Contains(err.Error(), "HTTP response to HTTPS client") {
		return "it does not speak TLS. " + adviceTLS
	}
	if strings.Contains(err.Error(), "connection refused") {
		return "it refused the connection. " + adviceConnect
	}
	if strings.Contains(err.Error(), "no route to host") || strings.Contains(err.Error(), "unreachable") {
		return "its network was not reached. " + adviceConnect
	}
	return "the connection broke off without an answer. " + adviceDown
}

func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	if errors.As(err, &verification) {
		return true
	}
	var authority x509.UnknownAuthorityError
	if errors.As(err, &authority) {
		return true
	}
	var name x509.HostnameError
	return errors.As(err, &name)
}

func isTimeout(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var broken net.Error
	return errors.As(err, &broken) && broken.Timeout()
}
