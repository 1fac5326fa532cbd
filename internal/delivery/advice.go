package delivery

// What an administrator should check after each kind of failure.

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
	adviceMethod   = "Check that the URL is the webhook's own, whole and unchanged, and not that of a page: nothing can be posted there."
	adviceKey      = "Check whether the key (in the URL, in the option headers or secret) is invalid, expired or revoked, or whether a firewall or proxy refuses the request."
	adviceRefused  = "Check that the option format fits the receiver, whether the URL must begin with https, and whether a filter of the receiver refuses the text."
	adviceLong     = "Check how long a text the receiver takes, and shorten the option message."
	adviceRedirect = "Check the URL: it leads to another address, such as https instead of http, or a login page. Set the final address, since redirects are not followed (the notice would get lost in them)."
	adviceHost     = "Check the host name in the URL, and the name resolution where Traefik runs."
	adviceConnect  = "Check that the receiver is running, the port in the URL, and whether a firewall blocks the way."
	adviceReset    = "Check whether the receiver is restarting, and whether a firewall or proxy cuts the connection."
	adviceSlow     = "Check whether the receiver is down or too slow, or whether a firewall or proxy swallows the request."
	adviceTrust    = "Check the receiver's certificate and its chain; for a certificate authority of your own set SSL_CERT_FILE where Traefik runs."
	adviceName     = "Check the host name in the URL, and which names the receiver's certificate has."
	adviceExpired  = "Check the receiver's certificate, and the clock where Traefik runs."
	adviceScheme   = "Check that the URL's scheme (http or https) and port are right."
	adviceTLS      = "Check the URL's host and port, and whether the receiver wants another version of TLS or a certificate of the client."
	adviceProxy    = "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY where Traefik runs, and the proxy itself: whether it is running, takes the user and password, and lets Traefik through to the receiver."
	adviceDown     = "Check the receiver's own log: it is down, overloaded or faulty."
	adviceGateway  = "Check that the receiver is running: the gateway or proxy in front of it gets no answer from it."
	adviceAnswer   = "Check at the receiver why it did not take the notice, and that the option format or answerContains fits it."
	adviceRate     = "Check the receiver's limit: it asks for fewer notices, so they are sent more slowly."
)

// statusAdvice is for the answers that say more than their class does.
var statusAdvice = map[int]string{
	400: adviceRefused,
	401: adviceKey,
	403: adviceKey,
	404: adviceGone,
	405: adviceMethod,
	407: adviceProxy,
	408: adviceSlow,
	410: adviceGone,
	413: adviceLong,
	415: adviceRefused,
	422: adviceRefused,
	425: adviceDown,
	429: adviceRate,
	502: adviceGateway,
	504: adviceGateway,
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
	err = withoutURL(err) // which could hold any of the words
	text := err.Error()
	if strings.Contains(text, "proxyconnect") {
		return "the proxy was not reached. " + adviceProxy
	}
	if errors.Is(err, errProxy) {
		return text + ". " + adviceProxy
	}
	var host *net.DNSError
	if errors.As(err, &host) {
		if host.IsNotFound {
			return "its host name was not found. " + adviceHost
		}
		return "its host name could not be looked up. " + adviceHost
	}
	problem := explainCertificate(err)
	if problem != "" {
		return problem
	}
	if isTimeout(err) {
		return fmt.Sprintf("no answer within %s. %s", timeout, adviceSlow)
	}
	return explainConnection(err, text)
}

// explainConnection goes by what Go writes, for few of these have types.
func explainConnection(err error, text string) string {
	var record tls.RecordHeaderError
	if errors.As(err, &record) || strings.Contains(text, "HTTP response to HTTPS client") {
		return "it does not speak TLS. " + adviceScheme
	}
	if strings.Contains(text, "malformed HTTP") {
		return "it does not speak HTTP. " + adviceScheme
	}
	if strings.Contains(text, "tls: ") {
		return "the TLS handshake failed. " + adviceTLS
	}
	if strings.Contains(text, "connection refused") {
		return "it refused the connection. " + adviceConnect
	}
	if strings.Contains(text, "no route to host") || strings.Contains(text, "unreachable") {
		return "its network was not reached. " + adviceConnect
	}
	if strings.Contains(text, "connection reset") || strings.Contains(text, "broken pipe") {
		return "it reset the connection. " + adviceReset
	}
	return "the connection broke off without an answer. " + adviceDown
}

// explainCertificate says what is wrong with a certificate; "" if it is not
// about one.
func explainCertificate(err error) string {
	var name x509.HostnameError
	if errors.As(err, &name) {
		return "its certificate is for another host name. " + adviceName
	}
	var authority x509.UnknownAuthorityError
	if errors.As(err, &authority) {
		return "its certificate comes from an authority that is unknown here. " + adviceTrust
	}
	var verification *tls.CertificateVerificationError
	if !errors.As(err, &verification) {
		return ""
	}
	if strings.Contains(verification.Error(), "has expired or is not yet valid") {
		return "its certificate has expired or is not valid yet. " + adviceExpired
	}
	return "its certificate is not trusted here. " + adviceTrust
}

func isTimeout(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var broken net.Error
	return errors.As(err, &broken) && broken.Timeout()
}
