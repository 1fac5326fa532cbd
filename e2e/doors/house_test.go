package doors

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// guest is the account with that number, whose session is the number too.
func guest(number int) *webui.Account {
	return &webui.Account{
		ID:    fmt.Sprintf("00000000-0000-4000-8000-%012d", number),
		Name:  fmt.Sprintf("Guest %d", number),
		Email: fmt.Sprintf("guest.%d@example.org", number),
		Token: strconv.Itoa(number),
	}
}

// guestOf is whose session a request carries.
func guestOf(req *http.Request) *webui.Account {
	number, err := strconv.Atoi(strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer "))
	if err != nil {
		return nil
	}

	return guest(number)
}

// house stands in for Open WebUI, where anybody with a number is signed in.
// Sign-ups are taken as recorded, and sign-ins refused.
func house(t testing.TB, picture int) *httptest.Server {
	t.Helper()

	sessions, err := webui.Sessions(guestOf, picture)
	if err != nil {
		t.Fatal(err)
	}

	signUps, err := webui.StandIn()
	if err != nil {
		t.Fatal(err)
	}

	refusal, err := webui.Replay("signin-refused")
	if err != nil {
		t.Fatal(err)
	}

	mux := http.NewServeMux()
	mux.Handle("/", signUps)
	mux.Handle("GET "+sessionPath, sessions)
	mux.Handle("POST "+signInPath, refusal)
	mux.Handle("POST "+ldapPath, refusal)

	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	return server
}

// lodge is one middleware in front of a house, at a host of its own.
type lodge struct {
	name     string
	upstream string
	options  map[string]any // nil for none
}

func (l lodge) host() string { return l.name + ".test" }

func (l lodge) middleware() string { return l.name + "@file" }

// folder is where the middleware keeps who was seen.
func (l lodge) folder() string {
	return statedir.Of(l.options["stateDir"].(string), l.middleware())
}

// lodges is a configuration of them.
func lodges(list ...lodge) string {
	var d traefik.Dynamic

	for _, l := range list {
		d.Service(l.name, l.upstream)

		if l.options == nil {
			d.Router(l.name, traefik.Host(l.host()), l.name)
			continue
		}

		d.Plugin(l.name, l.options)
		d.Router(l.name, traefik.Host(l.host()), l.name, l.name)
	}

	return d.YAML()
}

// open is a lodge that announces everybody who is seen for the first time.
func open(t testing.TB, name, upstream string, r *receiver.Receiver, more map[string]any) lodge {
	t.Helper()

	options := map[string]any{
		"webhookURL": r.URL(), "message": message, "stateDir": t.TempDir(), "learnFor": "0s", "events": []string{"first-seen"},
	}
	for key, value := range more {
		options[key] = value
	}

	return lodge{name: name, upstream: upstream, options: options}
}

// loads has a number of guests load the page.
func (l lodge) loads(t testing.TB, s *traefik.Server, numbers ...int) {
	t.Helper()

	for _, number := range numbers {
		p := visitor{base: s.URL(), host: l.host(), token: guest(number).Token}.load(t)
		if want := guest(number); p.ID != want.ID || p.Name != want.Name {
			t.Fatalf("got: %v, want: %v", p, want)
		}
	}
}

// signsUp has somebody sign up, who is always news.
func (l lodge) signsUp(t testing.TB, s *traefik.Server, name string) string {
	t.Helper()

	p := visitor{base: s.URL(), host: l.host()}.signUp(t, name, strings.ToLower(name)+"@example.org")

	return told("first-seen", p)
}

func toldOf(numbers ...int) []string {
	var texts []string

	for _, number := range numbers {
		g := guest(number)
		texts = append(texts, told("first-seen", person{ID: g.ID, Name: g.Name, Email: g.Email}))
	}

	return texts
}

func upTo(count int) []int {
	var numbers []int
	for number := range count {
		numbers = append(numbers, number)
	}

	return numbers
}

// wantSaid waits until the plugin has said something of the middleware.
func (l lodge) wantSaid(t testing.TB, s *traefik.Server, words ...string) {
	t.Helper()

	wait.Until(t, patience, func() error {
		if len(saidBy(s, append(words, l.middleware())...)) == 0 {
			return fmt.Errorf("%s has not said %q", l.name, words)
		}

		return nil
	})
}
