package openwebui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// Entry points beside the one of the harness.
const secureEntryPoint = "secure"

// The login that the chain of basicAuth asks for.
const (
	user = "tester"
	// credentials are `tester:test`.
	credentials = "Basic dGVzdGVyOnRlc3Q="
	// passwordHash is of `test`: SHA-1, so that it costs no time.
	passwordHash = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M="
)

// Main and Own are the two places for the middleware: on the router that
// Open WebUI already has, or on a router of its own for sign-ups alone.
const (
	Main = "main"
	Own  = "own"
)

// Chain is Traefik's middlewares around ours.
type Chain struct {
	Before []map[string]any
	Behind []map[string]any // between ours and Open WebUI
}

// Chains are Traefik's middlewares, by the name of the site that has them.
// "plain" has none.
var Chains = map[string]Chain{
	"plain":    {},
	"compress": before(compress),
	"retry":    before(retry),
	"buffer":   before(buffer),
	"limit":    before(limit),
	"strip":    before(strip),
	"login":    before(login),
	"all":      before(limit, login, strip, retry, buffer, compress),

	"forward-auth": before(allow),
	shut:           before(forbid),
	"in-flight":    before(inFlight),
	"headers":      before(headers("X-Before", "x")),
	"errors":       before(errorPages),
	"chain":        before(chain),
	"breaker":      before(breaker),

	"retry-behind":    behind(retry),
	"compress-behind": behind(compress),
	"buffer-behind":   behind(buffer),
	"headers-behind":  behind(headers("X-Behind", "x")),
	"gzip-behind":     behind(headers("Accept-Encoding", "gzip")),
	"zstd-behind":     behind(headers("Accept-Encoding", "zstd")),
}

// shut is the chain that lets nobody in.
const shut = "forbidden"

func before(middlewares ...map[string]any) Chain { return Chain{Before: middlewares} }

func behind(middlewares ...map[string]any) Chain { return Chain{Behind: middlewares} }

// What stands for Open WebUI's base URL, and for the names of the two
// middlewares that the middleware `chain` has.
const (
	upstreamHere = "{upstream}"
	inChain1     = "in-chain-compress"
	inChain2     = "in-chain-headers"
)

var (
	compress = map[string]any{"compress": map[string]any{"minResponseBodyBytes": 1}}
	retry    = map[string]any{"retry": map[string]any{"attempts": 4, "initialInterval": "10ms"}}
	buffer   = map[string]any{"buffering": map[string]any{"memRequestBodyBytes": 1000, "memResponseBodyBytes": 1000, "retryExpression": "IsNetworkError() && Attempts() < 3"}}
	limit    = map[string]any{"rateLimit": map[string]any{"average": 1000, "burst": 1000}}
	strip    = map[string]any{"stripPrefix": map[string]any{"prefixes": []string{"/chat"}}}
	login    = map[string]any{"basicAuth": map[string]any{"users": []string{user + ":" + passwordHash}}}

	// Open WebUI itself is who is asked: the one says 200 to everybody, the other
	// 401 or 403 to who has no session.
	allow  = map[string]any{"forwardAuth": map[string]any{"address": upstreamHere + "/health"}}
	forbid = map[string]any{"forwardAuth": map[string]any{"address": upstreamHere + "/api/v1/auths/"}}

	inFlight   = map[string]any{"inFlightReq": map[string]any{"amount": 100}}
	errorPages = map[string]any{"errors": map[string]any{"status": []string{"400-599"}, "service": "webui", "query": "/health?{status}"}}
	chain      = map[string]any{"chain": map[string]any{"middlewares": []string{inChain1, inChain2}}}
	// It opens at no time: who leaves is no network error of Open WebUI's.
	breaker = map[string]any{"circuitBreaker": map[string]any{"expression": "NetworkErrorRatio() > 0.99 || ResponseCodeRatio(500, 600, 0, 600) > 0.99"}}
)

// headers sets a header of the request and one of the answer.
func headers(name, value string) map[string]any {
	return map[string]any{"headers": map[string]any{
		"customRequestHeaders":  map[string]string{name: value},
		"customResponseHeaders": map[string]string{"X-Answered": "x"},
	}}
}

// Host is the name of the site with a chain and a place of the middleware.
func Host(chain, place string) string { return chain + "." + place + ".test" }

// message is what is announced, so that a notice can be found in the list.
const message = "{id} {email} {name}"

// Static is what a Traefik needs beside the harness's own: an entry point with
// TLS at a loopback port, which offers HTTP/2.
func Static(securePort int) string {
	return traefik.Quiet + fmt.Sprintf("entryPoints: {%s: {address: '127.0.0.1:%d', http: {tls: {}}}}\n", secureEntryPoint, securePort)
}

// Dynamic is the configuration with a site for each chain and place.
func Dynamic(upstream, sink string, chains ...string) string {
	if len(chains) == 0 {
		chains = slices.Sorted(maps.Keys(Chains))
	}

	var d traefik.Dynamic

	d.Service("webui", upstream)
	d.Middleware(inChain1, compress)
	d.Middleware(inChain2, headers("X-In-Chain", "x"))

	for _, chain := range chains {
		for _, place := range []string{Main, Own} {
			name := chain + "-" + place
			add := func(kind string, all []map[string]any) []string {
				names := []string{}

				for i, options := range all {
					names = append(names, fmt.Sprintf("%s-%s-%d", name, kind, i))
					d.Middleware(names[i], options)
				}

				return names
			}
			before, behind := add("before", Chains[chain].Before), add("behind", Chains[chain].Behind)

			d.Plugin(name, map[string]any{"webhookURL": sink, "message": message, "format": "text"})

			with := slices.Concat(before, []string{name}, behind)
			router := func(name, rule string, middlewares []string) map[string]any {
				options := d.Router(name, rule, "webui", middlewares...)
				options["entryPoints"] = []string{traefik.EntryPoint, secureEntryPoint}

				return options
			}

			rule := traefik.Host(Host(chain, place))
			if place == Main {
				router(name, rule, with)
				continue
			}

			// As docs/router.md has it: the main router's rule in parentheses, its
			// middlewares, and a priority.
			router(name, rule, slices.Concat(before, behind))
			router(name+"-signup", "("+rule+") && Method(`POST`) && PathRegexp(`signup|^/?$`)", with)["priority"] = 1000
		}
	}

	return strings.ReplaceAll(d.YAML(), upstreamHere, upstream)
}

// prefixOf is what a chain takes off the path.
func prefixOf(chain string) string {
	if chain == "strip" || chain == "all" {
		return "/chat"
	}

	return ""
}

// loginOf is the header that a chain asks for.
func loginOf(chain string) string {
	if chain == "login" || chain == "all" {
		return "Authorization: " + credentials
	}

	return ""
}

// FrontOf is where a Traefik with Static is to be reached.
func FrontOf(server *traefik.Server, securePort int) Front {
	return Front{Plain: server.Addr(), Secure: fmt.Sprintf("127.0.0.1:%d", securePort)}
}
