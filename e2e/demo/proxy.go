package main

import (
	"net/http"
	"net/http/httputil"
	"net/url"
)

// reverseProxy is the one of Go, which is also the heart of Traefik's.
func reverseProxy(address string) (http.Handler, error) {
	target, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}, nil
}
