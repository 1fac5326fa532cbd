// Package signupwebhook is a Traefik middleware that tells a team when
// somebody signs up to the Open WebUI behind it: it sees the successful
// answer of the sign-up endpoint and posts a notice to a webhook.
//
// Traefik interprets this package, and what it imports, with Yaegi. Some
// ordinary Go means something else there; a comment marks each detour.
package signupwebhook

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/exchange"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
)

// Config is what Traefik's dynamic configuration says of the middleware.
type Config struct {
	// WebhookURL is where notices go, http or https. Without it and
	// WebhookURLFile the environment's WEBHOOK_URL counts.
	WebhookURL string `json:"webhookURL,omitempty"`
	// WebhookURLFile is a file that holds the URL, read before each try.
	WebhookURLFile string `json:"webhookURLFile,omitempty"`
	// Message is the notice, with the placeholders {name}, {email}, {role},
	// {id}, {event} and {time}.
	Message string `json:"message,omitempty"`
	// Format is how the receiver wants it: auto goes by the URL.
	Format string `json:"format,omitempty"`
	// AnswerContains is a text that a 2xx answer must hold to count as a
	// delivery, for receivers that say 200 to everything.
	AnswerContains string `json:"answerContains,omitempty"`
	// Headers are further headers of the request, such as Authorization.
	Headers map[string]string `json:"headers,omitempty"`
	// Secret is a signing secret of Standard Webhooks, whsec_ and base64.
	Secret string `json:"secret,omitempty"`
	// SecretFile is a file that holds it, read before each try.
	SecretFile string `json:"secretFile,omitempty"`
	// Timeout bounds one try, from the connection to the end of the answer.
	Timeout string `json:"timeout,omitempty"`
	// RetryFor is how long after its acceptance a notice is tried before it
	// is given up; 72h without it.
	RetryFor string `json:"retryFor,omitempty"`
	// StateDir is a folder for what must survive a restart or a kill; a
	// relative path is one from Traefik's working directory. Without it,
	// notices wait in memory.
	StateDir string `json:"stateDir,omitempty"`

	// Unknown receives the keys that are no options, which Traefik would
	// drop without a word.
	Unknown map[string]interface{} `json:"-" mapstructure:",remain"`
}

// CreateConfig gives the defaults.
func CreateConfig() *Config {
	return &Config{
		Message: defaultMessage,
		Format:  defaultFormat,
		Timeout: defaultTimeout,
	}
}

// middleware is one place in one router. Many of them share a notifier.
type middleware struct {
	next     http.Handler
	name     string
	notifier *notifier
}

// New makes a middleware. Traefik calls it for each router that uses the
// middleware, again at every change of its configuration, and cancels ctx
// before the next round. An error takes the router out of service, so only
// what is wrongly written is one; it lists every problem and no secret.
func New(ctx context.Context, next http.Handler, config *Config, name string) (http.Handler, error) {
	rehearsal.Do(rehearse)

	settings, problems := check(config, os.Getenv("WEBHOOK_URL"))
	if len(problems) > 0 {
		return nil, errors.New(explainProblems(name, problems))
	}
	if settings == nil {
		if notifiers.suspend(name) {
			log.Printf("signupwebhook: %s: there is no webhook URL, so nothing is announced. Set webhookURL, webhookURLFile, or WEBHOOK_URL in Traefik's environment%s", name, ignored(config))
		}
		return next, nil
	}
	notifier := notifiers.join(ctx, name, settings)
	return &middleware{next: next, name: name, notifier: notifier}, nil
}

// ServeHTTP passes a request on. Unless it can make an account, the next
// handler gets the very rw and req that came in.
func (m *middleware) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	endpoint := openwebui.Reached(req.Method, req.URL)
	if endpoint == nil {
		m.next.ServeHTTP(rw, req)
		return
	}
	exchange.Pass(m.next, rw, req, func(seen *exchange.Seen) {
		m.announce(endpoint, seen)
	})
}

// announce accepts the event that an exchange made, if any. Whatever goes
// wrong in it costs the client nothing.
func (m *middleware) announce(endpoint *openwebui.Endpoint, seen *exchange.Seen) {
	defer func() {
		r := recover()
		if r != nil {
			log.Printf("signupwebhook: %s: a sign-up was not announced, for a fault of the plugin: %s", m.name, fmt.Sprint(r))
		}
	}()
	event := openwebui.EventOf(endpoint, &openwebui.Exchange{
		Status:          seen.Status,
		ContentType:     seen.Header.Get("Content-Type"),
		ContentEncoding: seen.Header.Get("Content-Encoding"),
		Answer:          seen.Answer,
		Request:         seen.Request,
	}, time.Now())
	if event != nil {
		m.notifier.accept(event)
	}
}
