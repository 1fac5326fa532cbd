// Command setup fetches and builds everything that the tests, the demo and the
// benchmarks need, into .tools/ at the repository's top. What is there already
// is left alone.
//
//	go run ./setup            everything
//	go run ./setup traefik    one or more of: traefik yaegi open-webui
//	                          standardwebhooks chromium rabbitmq webhook
//	                          node-red parsers oidc-provider
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/identity"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

type step struct {
	name  string
	what  string
	fetch func(ctx context.Context) (string, error)
}

var steps = []step{
	{
		name: "traefik",
		what: "Traefik " + tools.TraefikVersion + " from PyPI: 50 MB, some seconds",
		fetch: func(ctx context.Context) (string, error) {
			return tools.Traefik(ctx, tools.TraefikVersion)
		},
	},
	{
		name:  "yaegi",
		what:  "Yaegi with the race detector, built here: one to three minutes",
		fetch: tools.YaegiRace,
	},
	{
		name: "open-webui",
		what: "Open WebUI " + tools.OpenWebUIVersion + " from PyPI, without torch: 1.4 GB on disk, one to five minutes",
		fetch: func(ctx context.Context) (string, error) {
			return tools.OpenWebUI(ctx, tools.OpenWebUIVersion)
		},
	},
	{
		name:  "standardwebhooks",
		what:  "the library of Standard Webhooks from PyPI: a second",
		fetch: tools.StandardWebhooks,
	},
	{
		name:  "oidc-provider",
		what:  "an OpenID provider from npm: 4 MB, some seconds",
		fetch: identity.Module,
	},
	{
		name:  "chromium",
		what:  "Chromium, by apt-get where this is Debian and you are root: 400 MB, under a minute",
		fetch: tools.Chromium,
	},
	{
		name:  "rabbitmq",
		what:  "RabbitMQ from Debian, on Debian and as root (rabbitmq-server): 60 MB, ten to thirty seconds",
		fetch: tools.RabbitMQ,
	},
	{
		name:  "webhook",
		what:  "adnanh's webhook from Debian, on Debian and as root: 10 MB, some seconds",
		fetch: tools.Webhook,
	},
	{
		name:  "node-red",
		what:  "Node-RED " + tools.NodeREDVersion + " from npm: 120 MB on disk, some twenty seconds",
		fetch: tools.NodeRED,
	},
	{
		name:  "parsers",
		what:  "the parsers of receivers' markup from npm: 45 MB on disk, some seconds",
		fetch: tools.Parsers,
	},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	if err := setup(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "setup:", err)
		os.Exit(1)
	}
}

func setup(ctx context.Context, names []string) error {
	var known []string
	for _, s := range steps {
		known = append(known, s.name)
	}

	for _, name := range names {
		if !slices.Contains(known, name) {
			return fmt.Errorf("%q is none of %s", name, strings.Join(known, ", "))
		}
	}

	wanted := slices.Clone(steps)
	if len(names) > 0 {
		wanted = slices.DeleteFunc(wanted, func(s step) bool { return !slices.Contains(names, s.name) })
	}

	fmt.Println("To be fetched or built into .tools/, unless it is there:")

	for _, s := range wanted {
		fmt.Printf("  %s\n", s.what)
	}

	for _, s := range wanted {
		start := time.Now()

		// Said before, because some take minutes.
		fmt.Printf("%s: ", s.name)

		path, err := s.fetch(ctx)

		// Tests leave out what the machine lacks; here it is said aloud.
		if tools.LeavesOut(err) {
			fmt.Printf("LEFT OUT: %v\n", err)
			continue
		}

		if err != nil {
			fmt.Println()
			return err
		}

		fmt.Printf("%s (%.1f s)\n", path, time.Since(start).Seconds())
	}

	return nil
}
