package webui

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// EmailOf is an address for somebody of that name.
func EmailOf(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@example.org"
}

// SignUpAt signs somebody up at a host behind a base URL, such as Traefik's,
// which must succeed. An empty host is the base URL's own.
func SignUpAt(t testing.TB, base, host, name, email string) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+SignUpPath, bytes.NewReader(SignUpBody(name, email)))
	if err != nil {
		t.Fatal(err)
	}

	req.Host = host
	req.Header.Set("Content-Type", "application/json")

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("signing %s up: got: %s %.200s %v, want: 200", name, res.Status, text, err)
	}
}

// SignUpRequest is a sign-up as it goes over the wire, to any path; the client
// asks for the end of the connection behind it.
func SignUpRequest(host, path, name, email string) string {
	body := SignUpBody(name, email)

	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		path, host, len(body), body)
}
