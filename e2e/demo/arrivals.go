package main

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// arrival is somebody who comes to Open WebUI, or comes back.
type arrival struct {
	who      string
	path     string
	body     []byte
	recorded string // what is answered; "" is the stand-in's own answer
	silent   bool   // nobody is told
}

// A door each, and one that is used twice.
var arrivals = []arrival{
	{who: "Tim signs up", path: webui.SignUpPath, body: webui.SignUpBody("Tim", "tim@example.org")},
	{who: "an admin adds Ada", path: "/api/v1/auths/add", body: []byte("{}"), recorded: "add"},
	{who: "an identity provider adds Sam Smith", path: "/api/v1/scim/v2/Users", body: []byte("{}"), recorded: "scim"},
	{who: "Lena signs in by LDAP, for the first time", path: "/api/v1/auths/ldap", body: []byte("{}"), recorded: "ldap"},
	{who: "Lena signs in once more, which is no news", path: "/api/v1/auths/ldap", body: []byte("{}"), recorded: "ldap", silent: true},
}

// notices is how many of them are told.
func notices() int {
	count := 0
	for _, one := range arrivals {
		if !one.silent {
			count++
		}
	}
	return count
}

// house stands in for Open WebUI: at each door it answers what was recorded.
func house() (http.Handler, error) {
	standIn, err := webui.StandIn()
	if err != nil {
		return nil, err
	}
	doors := map[string]http.Handler{}
	for _, one := range arrivals {
		if one.recorded == "" {
			continue
		}
		doors[one.path], err = webui.Replay(one.recorded)
		if err != nil {
			return nil, err
		}
	}
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		door, ok := doors[req.URL.Path]
		if !ok {
			door = standIn
		}
		door.ServeHTTP(rw, req)
	}), nil
}

// arrive has somebody come to address, and returns the answer's status.
func arrive(ctx context.Context, address string, one arrival) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+one.path, bytes.NewReader(one.body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.Status, err
}
