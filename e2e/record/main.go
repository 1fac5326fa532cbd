// Command record starts a real Open WebUI, signs people up, and writes what it
// answered to testdata/openwebui-VERSION/, with testdata/README.md naming each
// file. What differs from run to run (sessions, ids, dates) is replaced by
// fixed words, so that a new recording shows what has changed in Open WebUI.
//
//	go run ./record
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/identity"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	if err := record(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func record(ctx context.Context) error {
	fmt.Println("Starting Open WebUI", tools.OpenWebUIVersion, "(up to half a minute; the first time it is installed, some minutes more)")

	start := time.Now()

	directory, err := identity.StartDirectory()
	if err != nil {
		return err
	}
	defer directory.Stop()

	// No browser comes, so nobody is sent to the site.
	provider, err := identity.StartProvider(ctx, "http://chat.example.org")
	if err != nil {
		return err
	}
	defer provider.Stop()

	server, err := webui.Start(ctx, webui.Options{Env: slices.Concat(directory.Env(), provider.Env(), []string{
		"ENABLE_SCIM=true", "SCIM_AUTH_PROVIDER=oidc", "SCIM_TOKEN=" + scimToken,
		// So that the provider's Tim is the one who has signed up.
		"OAUTH_MERGE_ACCOUNTS_BY_EMAIL=true",
	})})
	if err != nil {
		return err
	}
	defer server.Stop()

	r := newRecorder(server.Addr())
	if err := r.tour(ctx, server, provider); err != nil {
		return err
	}

	dir, err := webui.RecordingsDir()
	if err != nil {
		return err
	}

	if err := r.write(dir); err != nil {
		return err
	}

	fmt.Printf("%d files in %s (%.0f s)\n", len(r.files), dir, time.Since(start).Seconds())

	return nil
}

// write replaces the folder's contents only now that all went well.
func (r *recorder) write(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}

	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}

	var list strings.Builder

	for _, file := range r.files {
		if err := os.WriteFile(filepath.Join(dir, file.name), file.text, 0o644); err != nil {
			return err
		}

		fmt.Fprintf(&list, "| `%s` | %s |\n", file.name, file.about)
	}

	readme := fmt.Sprintf(readmeText, tools.OpenWebUIVersion, list.String())

	return os.WriteFile(filepath.Join(filepath.Dir(dir), "README.md"), []byte(readme), 0o644)
}

const readmeText = `# Recordings

What a running Open WebUI answered, byte for byte: ` + "`go run ./record`" + ` in ` + "`e2e/`" + ` starts one, records it again and writes this
list. Each ` + "`.response`" + ` is a whole HTTP answer, which Go's ` + "`http.ReadResponse`" + ` reads, and each ` + "`.request`" + ` a whole request, for
` + "`http.ReadRequest`" + `. Replaced are only sessions, ids, dates and the like, by words of which none opens anything; compressed
answers were unpacked for that and packed again.

Open WebUI %s:

| file | what it is |
|---|---|
%s`
