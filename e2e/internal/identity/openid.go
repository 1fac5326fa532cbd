package identity

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

const (
	clientID     = "open-webui"
	clientSecret = "not-a-real-client-secret"

	patience = time.Minute
)

//go:embed openid.mjs
var script string

// Provider is an OpenID provider on loopback: npm's oidc-provider with the
// login page that it has for development, where any login will do.
type Provider struct {
	dir     string
	port    int
	site    string
	process *process.Process
}

// Module is the path of oidc-provider, installed into .tools/ where it is not
// there yet.
func Module(ctx context.Context) (string, error) {
	modules, err := tools.NPM(ctx, "oidc-provider-9.13.3", "oidc-provider@9.13.3")
	if err != nil {
		return "", err
	}

	return filepath.Join(modules, "oidc-provider", "lib", "index.js"), nil
}

// StartProvider starts one whose only client is the Open WebUI that browsers
// know by the base URL site.
func StartProvider(ctx context.Context, site string) (*Provider, error) {
	module, err := Module(ctx)
	if err != nil {
		return nil, err
	}

	node, err := tools.Node()
	if err != nil {
		return nil, err
	}

	dir, err := os.MkdirTemp("", "oidc-provider-")
	if err != nil {
		return nil, err
	}

	p := &Provider{dir: dir, site: site}
	if err := os.WriteFile(filepath.Join(dir, "openid.mjs"), []byte(script), 0o600); err != nil {
		return nil, err
	}

	err = process.OnFreePort(func(port int) error {
		p.port = port
		return p.launch(ctx, node, module)
	})
	if err != nil {
		p.Stop()
		return nil, err
	}

	return p, nil
}

func (p *Provider) launch(ctx context.Context, node, module string) error {
	log := filepath.Join(p.dir, "log")

	// NODE_ENV keeps its warnings about development away.
	env := process.Environ([]string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}, "NODE_ENV=test")

	var err error

	p.process, err = process.Start(p.dir, log, env, node, filepath.Join(p.dir, "openid.mjs"),
		module, fmt.Sprint(p.port), p.redirect(), clientID, clientSecret, Domain)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	err = p.process.Await(ctx, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.discovery(), nil)
		if err != nil {
			return err
		}

		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}

		if res.Body.Close(); res.StatusCode != http.StatusOK {
			return errors.New(res.Status)
		}

		return nil
	})
	if err != nil {
		return fmt.Errorf("starting oidc-provider: %w\n%s", err, process.ReadLog(log))
	}

	return nil
}

// Stop ends it.
func (p *Provider) Stop() {
	if p.process != nil {
		p.process.Kill()
	}

	_ = os.RemoveAll(p.dir)
}

// Issuer is its base URL.
func (p *Provider) Issuer() string { return fmt.Sprintf("http://127.0.0.1:%d", p.port) }

func (p *Provider) discovery() string { return p.Issuer() + "/.well-known/openid-configuration" }

func (p *Provider) redirect() string { return p.site + "/oauth/oidc/login/callback" }

// Env is what tells Open WebUI of it, and lets it exchange its tokens.
func (p *Provider) Env() []string {
	return []string{
		"WEBUI_URL=" + p.site,
		"OAUTH_CLIENT_ID=" + clientID,
		"OAUTH_CLIENT_SECRET=" + clientSecret,
		"OPENID_PROVIDER_URL=" + p.discovery(),
		"OPENID_REDIRECT_URI=" + p.redirect(),
		"ENABLE_OAUTH_SIGNUP=true",
		"ENABLE_OAUTH_TOKEN_EXCHANGE=True",
	}
}
