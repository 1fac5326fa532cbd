package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

var formAction = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)

// AccessToken signs somebody in, as a browser would, and returns the token
// that the site would get, for instance to exchange it.
func (p *Provider) AccessToken(ctx context.Context, login string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}

	// The site is not asked: what it would be sent is what is wanted.
	client := &http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(req.URL.String(), p.redirect()) {
			return http.ErrUseLastResponse
		}

		return nil
	}}

	ask := url.Values{
		"client_id": {clientID}, "response_type": {"code"}, "scope": {"openid email profile"}, "redirect_uri": {p.redirect()},
	}

	page, _, err := fetch(ctx, client, http.MethodGet, p.Issuer()+"/auth?"+ask.Encode(), nil)
	if err != nil {
		return "", err
	}

	action := formAction.FindStringSubmatch(page)
	if action == nil {
		return "", fmt.Errorf("the provider's page has no form: %.300s", page)
	}

	_, location, err := fetch(ctx, client, http.MethodPost, action[1], url.Values{"prompt": {"login"}, "login": {login}, "password": {Password}})
	if err != nil {
		return "", err
	}

	target, err := url.Parse(location)
	if err != nil {
		return "", err
	}

	answer, _, err := fetch(ctx, client, http.MethodPost, p.Issuer()+"/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {target.Query().Get("code")}, "redirect_uri": {p.redirect()},
	})
	if err != nil {
		return "", err
	}

	var tokens struct {
		Access string `json:"access_token"`
	}

	err = json.Unmarshal([]byte(answer), &tokens)
	if err == nil && tokens.Access == "" {
		err = errors.New("the provider gives no token")
	}

	return tokens.Access, err
}

// fetch returns the answer's body and where it leads, if to the site.
func fetch(ctx context.Context, client *http.Client, method, address string, form url.Values) (string, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", "", err
	}

	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(clientID, clientSecret) // which only the endpoint for tokens looks at
	}

	res, err := client.Do(req)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("the provider answers %s: %.300s", res.Status, text)
	}

	return string(text), res.Header.Get("Location"), err
}
