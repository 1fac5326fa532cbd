// Package openwebui knows the application that is watched: which requests
// make an account, and how its name stands in the answer or the request.
package openwebui

import (
	"net/url"
	"strings"
)

// Endpoint is one request that makes an account.
type Endpoint struct {
	Event  string // the event it stands for, a word of the option events
	Method string
	Path   string
}

// endpoints is everything that can be watched, one row each.
var endpoints = []Endpoint{
	{Event: "signup", Method: "POST", Path: "/api/v1/auths/signup"},
}

// Reached returns the endpoint that a request reaches, or nil.
func Reached(method string, u *url.URL) *Endpoint {
	if method != "POST" {
		return nil // nearly all requests, and all that endpoints has no row for
	}
	return Find(method, PathOf(u))
}

// Find is Reached for a path that was decoded. Open WebUI's router compares it with a pattern that ends in
// Python's `$`, which also matches before one trailing newline.
func Find(method, path string) *Endpoint {
	for i := range endpoints {
		if strings.TrimSuffix(path, "\n") == endpoints[i].Path && method == endpoints[i].Method {
			return &endpoints[i]
		}
	}
	return nil
}

// PathOf is the path that the next server reads. What stands behind `x:` and
// no slash is opaque to Go, and Traefik up to 3.6 sends it on as it is:
// `x:http://host/path` arrives there as `http://host/path`.
func PathOf(u *url.URL) string {
	if u.Opaque == "" {
		return u.Path
	}
	_, rest, _ := strings.Cut(u.Opaque, "://")
	slash := strings.Index(rest, "/")
	if slash < 0 {
		return u.Path
	}
	path, _, _ := strings.Cut(rest[slash:], "#")
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return u.Path
	}
	return decoded
}
