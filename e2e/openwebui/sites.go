package openwebui

import (
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

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

// Chains are Traefik's middlewares before ours, by the name of the site that has
// them. "plain" has none.
var Chains = map[string][]map[string]any{
	"plain":    {},
	"compress": {compress},
	"retry":    {retry},
	"buffer":   {buffer},
	"limit":    {limit},
	"strip":    {strip},
	"login":    {login},
	"all":      {limit, login, strip, retry, buffer, compress},
}

var (
	compress = map[string]any{"compress": map[string]any{"minResponseBodyBytes": 1}}
	retry    = map[string]any{"retry": map[string]any{"attempts": 4, "initialInterval": "10ms"}}
	buffer   = map[string]any{"buffering": map[string]any{"memRequestBodyBytes": 1000, "memResponseBodyBytes": 1000, "retryExpression": "IsNetworkError() && Attempts() < 3"}}
	limit    = map[string]any{"rateLimit": map[string]any{"average": 1000, "burst": 1000}}
	strip    = map[string]any{"stripPrefix": map[string]any{"prefixes": []string{"/chat"}}}
	login    = map[string]any{"basicAuth": map[string]any{"users": []string{user + ":" + passwordHash}}}
)

// Host is the name of the site with a chain and a place of the middleware.
func Host(chain, place string) string { return chain + "." + place + ".test" }

// message is what is announced, so that a notice can be found in the list.
const message = "{id} {email} {name}"

// Static is what a Traefik needs beside the harness's own: an entry point with
// TLS at a loopback port, which offers HTTP/2.
func Static(securePort int) string {
	return fmt.Sprintf("log: {level: ERROR}\nentryPoints: {%s: {address: '127.0.0.1:%d', http: {tls: {}}}}\n", secureEntryPoint, securePort)
}

// Dynamic is the configuration with a site for each chain and place.
func Dynamic(upstream, sink string, chains ...string) string {
	if len(chains) == 0 {
		chains = slices.Sorted(maps.Keys(Chains))
	}

	routers, middlewares := map[string]any{}, map[string]any{}

	for _, chain := range chains {
		for _, place := range []string{Main, Own} {
			name := chain + "-" + place
			before := []string{}

			for i, options := range Chains[chain] {
				one := fmt.Sprintf("%s-%d", name, i)
				middlewares[one] = options
				before = append(before, one)
			}

			middlewares[name] = map[string]any{"plugin": map[string]any{traefik.Alias: map[string]any{
				"webhookURL": sink, "message": message, "format": "text",
			}}}

			with := append(slices.Clone(before), name)

			rule := fmt.Sprintf("Host(`%s`)", Host(chain, place))
			if place == Main {
				routers[name] = router(rule, with)
				continue
			}

			// As the README has it: the main router's rule in parentheses, its
			// middlewares, and a priority.
			routers[name] = router(rule, before)
			own := router("("+rule+") && Method(`POST`) && PathRegexp(`signup|^/?$`)", with)
			own["priority"] = 1000
			routers[name+"-signup"] = own
		}
	}

	text, err := yaml.Marshal(map[string]any{"http": map[string]any{
		"routers":     routers,
		"middlewares": middlewares,
		"services":    map[string]any{"webui": map[string]any{"loadBalancer": map[string]any{"servers": []any{map[string]any{"url": upstream}}}}},
	}})
	if err != nil {
		panic(err) // of maps and strings: cannot fail
	}

	return string(text)
}

func router(rule string, middlewares []string) map[string]any {
	return map[string]any{
		"rule":        rule,
		"entryPoints": []string{traefik.EntryPoint, secureEntryPoint},
		"middlewares": middlewares,
		"service":     "webui",
	}
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
