// Package openwebui knows the application that is watched: which requests
// make an account, and how its name stands in the answer or the request.
package openwebui

import "strings"

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

// Find returns the endpoint that a request reaches, or nil. path is the
// decoded one. Open WebUI's router compares it with a pattern that ends in
// Python's `$`, which also matches before one trailing newline.
func Find(method, path string) *Endpoint {
	if method != "POST" {
		return nil
	}
	for i := range endpoints {
		if strings.TrimSuffix(path, "\n") == endpoints[i].Path && method == endpoints[i].Method {
			return &endpoints[i]
		}
	}
	return nil
}
