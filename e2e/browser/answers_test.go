package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// masks hide what differs between two answers to the same: the session and the
// account's number, dates and times, and the letter that tells the addresses of
// the comparison apart.
var masks = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`), "SESSION"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "ID"},
	{regexp.MustCompile(`same-\w+@`), "same@"},
	{regexp.MustCompile(`"expires_at":\d+`), `"expires_at":SECONDS`},
	{regexp.MustCompile(`(?i)expires=[^;]*`), "expires=DATE"},
	{regexp.MustCompile(`(?i)max-age=\d{5,}`), "Max-Age=SECONDS"},
}

func masked(text string) string {
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.instead)
	}

	return text
}

// asText is an answer as text, without what is a date or a duration.
func asText(status int, header http.Header, body string) string {
	var out strings.Builder

	header = header.Clone()
	for _, name := range []string{"Date", "X-Process-Time"} {
		if header.Get(name) != "" {
			header.Set(name, strings.ToUpper(name))
		}
	}

	_, _ = fmt.Fprintf(&out, "%d\n", status)
	_ = header.Write(&out) // sorted by name

	return masked(out.String() + "\n" + body)
}

// withoutEncoding leaves out what tells how an answer was compressed, which the
// plugin asks not to be done.
func withoutEncoding(header http.Header) http.Header {
	header = header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	header.Del("Vary")

	return header
}

// TestAnswersAreOpenWebUIs compares, byte for byte, what comes through Traefik
// and the plugin with what Open WebUI says without either.
func TestAnswersAreOpenWebUIs(t *testing.T) {
	w := shared(t)
	since := w.mark(t)

	// %s tells the ways apart, where each makes an account.
	tests := []struct {
		desc     string
		method   string
		path     string
		body     string
		compress bool
		want     int
	}{
		{desc: "an account", body: string(webui.SignUpBody("Same", "same-%s@example.org")), want: 200},
		{desc: "an account, compressed", body: string(webui.SignUpBody("Same", "same-zstd%s@example.org")), compress: true, want: 200},
		{desc: "a duplicate", body: string(webui.SignUpBody("Same", "ada@example.org")), want: 400},
		{desc: "no address", body: string(webui.SignUpBody("Same", "nowhere")), want: 400},
		{desc: "no JSON", body: `{"name":"Same",`, want: 422},
		{desc: "no password", body: `{"name":"Same","email":"same@example.org"}`, want: 422},
		{desc: "a lone surrogate", body: `{"name":"\ud800","email":"same@example.org","password":"` + webui.Password + `"}`, want: 500},
		{desc: "the page", method: http.MethodGet, path: webui.SignUpPath, want: 200},
		{desc: "another path", path: webui.SignUpPath + "/", body: string(webui.SignUpBody("Same", "same@example.org")), want: 405},
		{desc: "another question", method: http.MethodGet, path: "/api/config", want: 200},
	}

	for i, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			if test.method == "" {
				test.method = http.MethodPost
			}

			if test.path == "" {
				test.path = webui.SignUpPath
			}

			header := http.Header{"Content-Type": {"application/json"}, "Accept-Encoding": {"identity"}}
			if test.compress {
				header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
			}

			// One Host for all, because /api/config tells of it.
			way := func(name, base, host string) answer {
				body := strings.ReplaceAll(test.body, "%s", fmt.Sprint(name, i))

				got, err := ask(wait.AtMost(t, patience), test.method, base, host, test.path, header, []byte(body))
				if err != nil {
					t.Fatal(err)
				}

				if got.status != test.want {
					t.Errorf("%s: got: %d %.200s, want: %d", name, got.status, got.body, test.want)
				}

				return got
			}

			direct := way("a", w.app.URL(), watchedHost)
			through := way("b", w.traefik.URL(), watchedHost)

			if test.compress {
				if got := direct.header.Get("Content-Encoding"); got != "zstd" {
					t.Fatalf("got: %q without Traefik, want: zstd, or this compares nothing", got)
				}

				direct.body = unzstd(t, direct.body)
				direct.header, through.header = withoutEncoding(direct.header), withoutEncoding(through.header)
			}

			want := asText(direct.status, direct.header, string(direct.body))
			if got := asText(through.status, through.header, string(through.body)); got != want {
				t.Errorf("(-without Traefik +through the plugin)\n%s", cmp.Diff(want, got))
			}
		})
	}

	w.wantNotices(t, since, "Same", "Same")
}

func unzstd(t *testing.T, text []byte) []byte {
	t.Helper()

	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()

	plain, err := decoder.DecodeAll(text, nil)
	if err != nil {
		t.Fatal(err)
	}

	return plain
}

// TestBrowserGetsOpenWebUIsAnswer does the same with the page's own sign-ups,
// as the browser hands them to the page.
func TestBrowserGetsOpenWebUIsAnswer(t *testing.T) {
	w := shared(t)
	since := w.mark(t)

	ways := []struct{ name, site string }{
		{name: "direct", site: w.app.URL()},
		{name: "plain", site: w.url(plainHost)},
		{name: "watched", site: w.url(watchedHost)},
	}

	got := map[string]string{}

	for _, way := range ways {
		p := w.person(t)
		x := p.signUp(way.site, "Same", "same-"+way.name+"@example.org")

		if x.status != http.StatusOK || !json.Valid([]byte(x.body)) {
			t.Fatalf("%s: got: %d %q, want: an account", way.name, x.status, x.body)
		}

		// The page took it: it is signed in.
		p.see("Account Activation Pending")

		// The page's own address comes back.
		text := asText(x.status, withoutEncoding(x.header), x.body)
		got[way.name] = strings.ReplaceAll(text, way.site, "SITE")
	}

	for _, way := range []string{"plain", "watched"} {
		if got[way] != got["direct"] {
			t.Errorf("(-direct +%s)\n%s", way, cmp.Diff(got["direct"], got[way]))
		}
	}

	w.wantNotices(t, since, "Same")
}
