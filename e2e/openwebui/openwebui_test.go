package openwebui

import (
	"slices"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// TestNoAccountWithoutANotice has one Open WebUI behind a usual Traefik and one
// with the fast proxy.
func TestNoAccountWithoutANotice(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves the real Open WebUI out")
	}

	sink := receiver.Run(t)
	app := webui.Run(t, webui.Options{})
	usual := start(t, app, sink, "")
	fast := start(t, app, sink, "experimental: {fastProxy: {}}\n")

	groups := []struct {
		desc     string
		front    Front
		attempts []Attempt
	}{
		{desc: "spellings", front: usual, attempts: Spellings(Main, Own)},
		{desc: "bodies", front: usual, attempts: Bodies()},
		{desc: "ways", front: usual, attempts: Ways()},
		{desc: "behind other middlewares", front: usual, attempts: Behind()},
		{desc: "hang-ups, main router", front: usual, attempts: HangUps(HTTP11, Main)},
		{desc: "hang-ups, own router", front: usual, attempts: HangUps(HTTP11, Own)},
		{desc: "hang-ups, TLS", front: usual, attempts: HangUps(TLS11, Main)},
		{desc: "hang-ups, HTTP/2", front: usual, attempts: HangUps(H2, Main)},
		{desc: "hang-ups, HTTP/2 in cleartext", front: usual, attempts: HangUps(H2C, Own)},
		{desc: "fast proxy, spellings", front: fast, attempts: Spellings(Main)},
		{desc: "fast proxy, bodies", front: fast, attempts: Bodies()},
		{desc: "fast proxy, hang-ups", front: fast, attempts: HangUps(HTTP11, Main)},
	}

	// The table's rows are sent in one go, and judged one by one.
	var (
		attempts []Attempt
		fronts   = map[string]Front{}
		begin    = time.Now()
	)

	for _, group := range groups {
		for _, a := range group.attempts {
			a.Desc = group.desc + ": " + a.Desc
			fronts[a.Desc] = group.front
			attempts = append(attempts, a)
		}
	}

	results, err := Run(t.Context(), app, sink, func(a Attempt) Front { return fronts[a.Desc] }, attempts)
	if err != nil {
		t.Fatal(err)
	}

	accounts, open := 0, 0

	for _, result := range results {
		accounts += len(result.Accounts)

		if result.Attempt.Want == Open && len(result.Accounts) > 0 {
			open++
		}

		if fault := result.Fault(); fault != "" {
			t.Errorf("%v: %s", result.Attempt, fault)
		}
	}

	t.Logf("%d attempts, %d accounts (%d of them where either was right) in %v",
		len(attempts), accounts, open, time.Since(begin).Round(100*time.Millisecond))

	// One that is announced by nobody would be found.
	if !slices.ContainsFunc(results, func(r Result) bool { return len(r.Notices) > 0 }) {
		t.Error("got: no notice at all, want: many")
	}
}

func start(t *testing.T, app *webui.Server, sink *receiver.Receiver, static string) Front {
	t.Helper()

	port, err := process.FreePort()
	if err != nil {
		t.Fatal(err)
	}

	server := traefik.Run(t, traefik.Options{Static: Static(port) + static, Dynamic: Dynamic(app.URL(), sink.URL())})

	return FrontOf(server, port)
}
