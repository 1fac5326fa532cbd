package traefik

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// Everything is the rule of a router for whatever comes.
const Everything = "PathPrefix(`/`)"

// Host is the rule of a router for a host's requests.
func Host(name string) string { return fmt.Sprintf("Host(`%s`)", name) }

// Dynamic is a dynamic configuration in the making. The zero value has nothing.
type Dynamic struct {
	http struct {
		Routers           map[string]any `yaml:",omitempty"` // Traefik refuses empty sections
		Middlewares       map[string]any `yaml:",omitempty"`
		Services          map[string]any `yaml:",omitempty"`
		ServersTransports map[string]any `yaml:"serversTransports,omitempty"`
	}
}

// Router adds a router from a rule through middlewares to a service. What it
// returns are its options, for more of them.
func (d *Dynamic) Router(name, rule, service string, middlewares ...string) map[string]any {
	options := map[string]any{"rule": rule, "service": service}
	if len(middlewares) > 0 {
		options["middlewares"] = middlewares
	}

	add(&d.http.Routers, name, options)

	return options
}

// Service adds a service of one server. What it returns are its options.
func (d *Dynamic) Service(name, url string) map[string]any {
	options := map[string]any{"servers": []any{map[string]any{"url": url}}}
	add(&d.http.Services, name, map[string]any{"loadBalancer": options})

	return options
}

// Transport adds a way to servers, for a service's option serversTransport.
func (d *Dynamic) Transport(name string, options map[string]any) {
	add(&d.http.ServersTransports, name, options)
}

// Plugin adds a middleware of this repository's plugin.
func (d *Dynamic) Plugin(name string, options map[string]any) {
	d.Middleware(name, map[string]any{"plugin": map[string]any{Alias: options}})
}

// Middleware adds one of Traefik's own.
func (d *Dynamic) Middleware(name string, options map[string]any) {
	add(&d.http.Middlewares, name, options)
}

func add(section *map[string]any, name string, options any) {
	if *section == nil {
		*section = map[string]any{}
	}

	(*section)[name] = options
}

// YAML is the configuration as Options.Dynamic and WriteDynamic take it.
func (d *Dynamic) YAML() string {
	text, err := yaml.Marshal(map[string]any{"http": d.http})
	if err != nil {
		panic(err) // of maps and strings: cannot fail
	}

	return string(text)
}
