// Package openwebui knows the application that is watched: which requests
// make an account or show one that is signed in, and how it stands in the
// answer or the request.
package openwebui

import (
	"net/url"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// DefaultEvent is what is announced where the option events is not set, and
// what a notice tells of that does not say it.
const DefaultEvent = "signup"

// FirstSeen is the event of an account that is seen signed in for the first
// time.
const FirstSeen = "first-seen"

// Endpoint is one request that makes an account, or shows one signed in.
type Endpoint struct {
	Event  string // the event it stands for, a word of the option events
	Method string
	Path   string // {provider} is one segment of any letters
	Status int    // the one that says success; 0 for every 2xx
	SignUp bool   // it is new people's own, and news whatever is remembered
	Shows  bool   // it makes no account

	Account Paths // of the answer and, where that lacks something, the request
}

// Paths are gjson's, each with others to take where it gives nothing, behind
// a blank.
type Paths struct {
	ID, Name, Email, Role string
}

var (
	ownKeys  = Paths{ID: "id", Name: "name", Email: "email", Role: "role"}
	scimKeys = Paths{ID: "id", Name: "displayName name.formatted", Email: "emails.0.value userName"}
)

// endpoints is everything that can be watched, one row each. Of two rows for
// one request the first that is asked for counts.
var endpoints = []Endpoint{
	{Event: DefaultEvent, Method: "POST", Path: "/api/v1/auths/signup", SignUp: true, Account: ownKeys},
	{Event: "user-added", Method: "POST", Path: "/api/v1/auths/add", Account: ownKeys},
	{Event: "scim", Method: "POST", Path: "/api/v1/scim/v2/Users", Status: 201, Account: scimKeys},
	{Event: FirstSeen, Method: "GET", Path: "/api/v1/auths/", Shows: true, Account: ownKeys},
	{Event: FirstSeen, Method: "POST", Path: "/api/v1/auths/signin", Shows: true, Account: ownKeys},
	{Event: FirstSeen, Method: "POST", Path: "/api/v1/auths/signup", SignUp: true, Account: ownKeys},
	{Event: FirstSeen, Method: "POST", Path: "/api/v1/auths/ldap", Shows: true, Account: ownKeys},
	{Event: FirstSeen, Method: "POST", Path: "/api/v1/auths/mfa/enroll/confirm", Shows: true, Account: ownKeys},
	{Event: FirstSeen, Method: "POST", Path: "/api/v1/auths/mfa/verify", Shows: true, Account: ownKeys},
	{Event: FirstSeen, Method: "POST", Path: "/api/v1/auths/oauth/{provider}/token/exchange", Shows: true, Account: ownKeys},
}

// Events are the words of the option events, each once.
func Events() []string {
	words := []string{}
	for i := range endpoints {
		if !message.Contains(words, endpoints[i].Event) {
			words = append(words, endpoints[i].Event)
		}
	}
	return words
}

// Watched are the endpoints of some events.
func Watched(events []string) []Endpoint {
	rows := []Endpoint{}
	for i := range endpoints {
		if message.Contains(events, endpoints[i].Event) {
			rows = append(rows, endpoints[i])
		}
	}
	return rows
}

// Beginning is what every path of some rows begins with, so that whoever does
// not ask for one of them need not be compared with each.
func Beginning(rows []Endpoint) string {
	if len(rows) == 0 {
		return ""
	}
	begin, _, _ := strings.Cut(rows[0].Path, "{")
	for i := range rows {
		for !strings.HasPrefix(rows[i].Path, begin) {
			begin = begin[:len(begin)-1]
		}
	}
	return begin
}

// Reached returns the endpoint that a request reaches, or nil.
func Reached(rows []Endpoint, method string, u *url.URL) *Endpoint {
	if u.Opaque != "" {
		return Find(rows, method, opaquePath(u))
	}
	return Find(rows, method, u.Path)
}

// Find is Reached for a path that was decoded. Open WebUI's router compares it
// with a pattern that ends in Python's `$`, which also matches before one
// trailing newline.
func Find(rows []Endpoint, method, path string) *Endpoint {
	last := len(path) - 1
	if last >= 0 && path[last] == '\n' {
		path = path[:last]
	}
	for i := range rows {
		if rows[i].Method != method {
			continue
		}
		if rows[i].Path == path || matches(rows[i].Path, path) {
			return &rows[i]
		}
	}
	return nil
}

// matches compares a path with one of the table that has a parameter.
// Starlette's are `[^/]+`, which takes newlines too.
func matches(pattern, path string) bool {
	before, after, open := strings.Cut(pattern, "{provider}")
	if !open || !strings.HasPrefix(path, before) || !strings.HasSuffix(path, after) {
		return false
	}
	end := len(path) - len(after)
	if end <= len(before) {
		return false
	}
	segment := path[len(before):end]
	return strings.IndexByte(segment, '/') < 0
}

// opaquePath is the path that the next server reads of a URL that Go does not
// look into. What stands behind `x:` and no slash is opaque to it, and Traefik
// up to 3.6 sends it on as it is: `x:http://host/path` arrives there as
// `http://host/path`.
func opaquePath(u *url.URL) string {
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
