package openwebui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/plugincopy"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// beyond are the bodies whose name or e-mail stands behind the first 64 KiB, which
// is what is kept of a request, and what is known of them by the request alone.
var beyond = map[string]string{
	"a picture of 200 KB before the name": "(unbekannt)",
	"a picture of 2 MB before the name":   "(unbekannt)",
	"chunked, 200 KB":                     "(unbekannt)",
	"a name of 100 KB":                    strings.Repeat("Timé", 50) + "…",
}

// TestNamesFromTheRequest sends the bodies to an Open WebUI that asks for a second
// factor: its answers have neither name nor id, so all that a notice says is read
// from the request. Then it does so with a plugin that takes each body for UTF-8.
func TestNamesFromTheRequest(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves the real Open WebUI out")
	}

	sink := receiver.Run(t)
	app := webui.Run(t, webui.Options{})

	if err := app.RequireSecondFactor(t.Context()); err != nil {
		t.Fatal(err)
	}

	front := start(t, app, sink, "")

	// The server takes a hundred from one address: each body once.
	var within, late, encodings []Attempt

	for _, a := range Bodies() {
		a.NoID = true

		switch {
		case beyond[a.Desc] != "":
			late = append(late, a)
		default:
			within = append(within, a)
		}

		if strings.HasPrefix(a.Desc, "UTF-") {
			encodings = append(encodings, a)
		}
	}

	run := func(t *testing.T, front Front, attempts []Attempt) []Result {
		t.Helper()

		results, err := Run(t.Context(), app, sink, func(Attempt) Front { return front }, attempts)
		if err != nil {
			t.Fatal(err)
		}

		return results
	}

	t.Run("within 64 KiB", func(t *testing.T) {
		accounts := 0

		for _, result := range run(t, front, within) {
			accounts += len(result.Accounts)

			if fault := result.Fault(); fault != "" {
				t.Errorf("%v: %s", result.Attempt, fault)
			}
		}

		t.Logf("%d attempts, %d accounts", len(within), accounts)
	})

	// Their notices have no e-mail, so they are nobody's.
	t.Run("beyond", func(t *testing.T) {
		results := run(t, front, late)

		var got, want []string

		for _, result := range results {
			got = append(got, result.Notices...)

			if fault := result.Unexpected(); fault != "" {
				t.Errorf("%v: %s", result.Attempt, fault)
			}
		}

		for _, name := range beyond {
			want = append(want, "  "+name)
		}

		slices.Sort(got)
		slices.Sort(want)

		if !slices.Equal(got, want) || len(late) != len(beyond) {
			t.Errorf("got: notices %q of %d bodies, want: %q", got, len(late), want)
		}
	})

	t.Run("planted", func(t *testing.T) {
		as := map[string]string{traefik.Alias: undecoding(t)}
		faulty := startWith(t, traefik.Options{Dynamic: Dynamic(app.URL(), sink.URL(), "plain"), Plugins: as}, Static)
		usual := Attempt{Desc: "chunked", Chunked: true, NoID: true}

		results := run(t, faulty, append(encodings, usual))
		for _, result := range results[:len(results)-1] {
			if got, want := result.Misannounced() != "", result.Attempt.Desc != usual.Desc; got != want {
				t.Errorf("%v: got: a fault: %v, want: %v", result.Attempt, got, want)
			}
		}
	})
}

// undecoding is a copy of the plugin that leaves the request's body as it is.
func undecoding(t *testing.T) string {
	t.Helper()

	gopath := t.TempDir()

	module, err := plugincopy.Repository(gopath)
	if err != nil {
		t.Fatal(err)
	}

	dir := filepath.Join(gopath, "src", filepath.FromSlash(module))
	path := filepath.Join(dir, "internal", "openwebui", "request.go")

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	const function = "\nfunc decode("

	if got := strings.Count(string(text), function); got != 1 {
		t.Fatalf("got: %d functions to spoil, want: one", got)
	}

	spoilt := strings.Replace(string(text), function, "\nfunc decode(body []byte) []byte { return body }\n\nfunc decodeInVain(", 1)
	if err := os.WriteFile(path, []byte(spoilt), 0o600); err != nil {
		t.Fatal(err)
	}

	return dir
}
