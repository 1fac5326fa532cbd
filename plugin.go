// Package signupwebhook is a Traefik middleware that tells a team when
// somebody signs up to the Open WebUI behind it: it sees the successful
// answer of the sign-up endpoint and posts a notice to a webhook.
//
// Traefik interprets this package, and what it imports, with Yaegi. Some
// ordinary Go means something else there; a comment marks each detour. And some
// is slow: to call a method takes as long as four calls of a function, and each
// call makes room for all that stands in a function, also where it returns at
// once. So what every request or notice passes is a function, and what rarely
// happens has one of its own.
package signupwebhook

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/exchange"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
)

// Config is what Traefik's dynamic configuration says of the middleware.
type Config = config.Options

// CreateConfig gives the defaults.
func CreateConfig() *Config {
	return config.Defaults()
}

// middleware is one place in one router. Many of them share a notifier.
type middleware struct {
	next     http.Handler
	name     string
	watched  []openwebui.Endpoint
	begin    string // of every watched path
	notifier *notifier
	// mark is the key in a request's context once a middleware of this name
	// has seen it: a text, since the interpreter takes our types for equal.
	mark string
}

// New makes a middleware. Traefik calls it for each router that uses the
// middleware, again at every change of its configuration, and cancels ctx
// before the next round. An error takes the router out of service, so only
// what is wrongly written is one; it lists every problem and no secret.
func New(ctx context.Context, next http.Handler, options *Config, name string) (http.Handler, error) {
	rehearsal.Do(rehearse)

	settings, problems := config.Check(options, os.Getenv("WEBHOOK_URL"))
	if len(problems) > 0 {
		return nil, errors.New(config.Explain(name, problems))
	}
	if settings == nil {
		if notifiers.suspend(name) {
			log.Printf("signupwebhook: %s: there is no webhook URL, so nothing is announced. Set webhookURL, webhookURLFile, or WEBHOOK_URL in Traefik's environment%s", name, config.Ignored(options))
		}
		return next, nil
	}
	notifier := notifiers.join(ctx, name, settings)
	watched := openwebui.Watched(settings.Events)
	begin := openwebui.Beginning(watched)
	return &middleware{next: next, name: name, watched: watched, begin: begin, notifier: notifier, mark: "signupwebhook " + name}, nil
}

// ServeHTTP passes a request on. Unless it can make an account, or shows one,
// the next handler gets the very rw and req that came in.
func (m *middleware) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	// Nearly all requests end here. A call more would cost the interpreter as
	// much as all of it, and so would a longer function.
	path := req.URL.Path
	begin := m.begin
	if req.URL.Opaque == "" && (len(path) < len(begin) || path[:len(begin)] != begin) {
		m.next.ServeHTTP(rw, req)
		return
	}
	look(m, rw, req)
}

// look passes on a request that may be to a watched endpoint.
func look(m *middleware, rw http.ResponseWriter, req *http.Request) {
	endpoint := openwebui.Reached(m.watched, req.Method, req.URL)
	if endpoint == nil {
		m.next.ServeHTTP(rw, req)
		return
	}
	watch(m, rw, req, endpoint)
}

// watch passes on a request to a watched endpoint.
func watch(m *middleware, rw http.ResponseWriter, req *http.Request, endpoint *openwebui.Endpoint) {
	// On the way twice, as on an entry point and on a router, it announces once.
	ctx := req.Context()
	if ctx.Value(m.mark) != nil {
		m.next.ServeHTTP(rw, req)
		return
	}
	//lint:ignore SA1029 a type of our own would be no other one in the interpreter
	ctx = context.WithValue(ctx, m.mark, true)
	see := func(seen *exchange.Seen) bool {
		enough := announce(m, endpoint, seen)
		return enough
	}
	if endpoint.Event == openwebui.FirstSeen {
		exchange.Watch(ctx, m.next, rw, req, endpoint.SignUp, see)
		return
	}
	exchange.Pass(ctx, m.next, rw, req, see)
}

// announce accepts the event that an exchange made, if any, and tells whether
// its account was found. Whatever goes wrong in it costs the client nothing.
func announce(m *middleware, endpoint *openwebui.Endpoint, seen *exchange.Seen) bool {
	defer func() {
		r := recover()
		if r != nil {
			log.Printf("signupwebhook: %s: an account was not announced, for a fault of the plugin: %s", m.name, fmt.Sprint(r))
		}
	}()
	shown := &openwebui.Exchange{
		Status:          seen.Status,
		ContentType:     seen.ContentType,
		ContentEncoding: seen.ContentEncoding,
		Answer:          seen.Answer,
		Request:         seen.Request,
		Early:           seen.Early,
		Long:            seen.Long,
	}
	who := openwebui.AccountOf(endpoint, shown)
	if who == nil {
		return false
	}
	if endpoint.Shows && knows(m.notifier, who.ID) { // as nearly every page load
		return true
	}
	take(m.notifier, openwebui.EventOf(endpoint, shown, who, time.Now()))
	return true
}

// take accepts an event, or looks first whether the account was seen before.
func take(n *notifier, event *openwebui.Event) {
	if event == nil {
		return
	}
	if event.Type == openwebui.FirstSeen {
		see(n, event)
		return
	}
	accept(n, event)
}
