package doors

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/identity"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

// door is a way in. Names and addresses are for a number, so that a door can
// be used again by somebody else.
type door struct {
	desc  string
	event string // by which it is announced, where all events are on

	// signsIn tells whether who comes by it is also signed in with that.
	signsIn bool

	// arrive makes the account.
	arrive func(t *testing.T, w *world, s *traefik.Server, number int) person

	// again is how that person signs in the next time.
	again func(t *testing.T, w *world, s *traefik.Server, p person) person
}

func byPassword(t *testing.T, _ *world, s *traefik.Server, p person) person {
	t.Helper()

	return at(s).signIn(t, p.Email)
}

func byDirectory(t *testing.T, s *traefik.Server, login string) person {
	t.Helper()

	return at(s).ask(t, http.MethodPost, ldapPath, map[string]string{"user": login, "password": identity.Password})
}

// byToken signs in with a token that the OpenID provider gave somebody.
func byToken(t *testing.T, w *world, s *traefik.Server, p person) person {
	t.Helper()

	login := p.Email[:len(p.Email)-len("@"+identity.Domain)]

	token, err := w.provider.AccessToken(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}

	return at(s).ask(t, http.MethodPost, exchangePath, map[string]string{"token": token})
}

var doors = []door{
	{
		desc: "the sign-up page", event: "signup", signsIn: true, again: byPassword,
		arrive: func(t *testing.T, _ *world, s *traefik.Server, number int) person {
			return at(s).signUp(t, fmt.Sprintf(`Zoë 😀 <b>&"\ 李 %d`, number), fmt.Sprintf("zoe.%d@example.org", number))
		},
	},
	{
		desc: "an admin adds", event: "user-added", again: byPassword,
		arrive: func(t *testing.T, w *world, s *traefik.Server, number int) person {
			return at(s).as(w.app.AdminToken()).add(t, fmt.Sprintf("Ada %d", number), fmt.Sprintf("ada.%d@example.org", number))
		},
	},
	{
		desc: "SCIM", event: "scim", again: byToken,
		arrive: func(t *testing.T, _ *world, s *traefik.Server, number int) person {
			name, email := fmt.Sprintf("Sam Smith %d", number), fmt.Sprintf("sam.%d@example.org", number)

			var made struct {
				ID          string `json:"id"`
				DisplayName string `json:"displayName"`
				UserName    string `json:"userName"`
			}

			at(s).as(scimToken).fetch(t, http.MethodPost, scimPath, map[string]any{
				"schemas":     []string{"urn:ietf:params:scim:schemas:core:2.0:User"},
				"userName":    email,
				"externalId":  fmt.Sprintf("sam-%d", number),
				"name":        map[string]string{"formatted": name},
				"displayName": name,
				"emails":      []map[string]any{{"value": email, "primary": true}},
				"active":      true,
			}, &made)

			return person{ID: made.ID, Name: made.DisplayName, Email: made.UserName}
		},
	},
	{
		desc: "LDAP", event: "first-seen", signsIn: true,
		arrive: func(t *testing.T, _ *world, s *traefik.Server, number int) person {
			return byDirectory(t, s, fmt.Sprintf("lena.%d", number))
		},
		again: func(t *testing.T, _ *world, s *traefik.Server, p person) person {
			return byDirectory(t, s, p.Email[:len(p.Email)-len("@"+identity.Domain)])
		},
	},
	{
		desc: "a trusted header", event: "first-seen", signsIn: true,
		arrive: func(t *testing.T, _ *world, s *traefik.Server, number int) person {
			return byHeader(t, s, fmt.Sprintf("Hedda %d", number), fmt.Sprintf("hedda.%d@example.org", number))
		},
		again: func(t *testing.T, _ *world, s *traefik.Server, p person) person {
			return byHeader(t, s, p.Name, p.Email)
		},
	},
}

func byHeader(t *testing.T, s *traefik.Server, name, email string) person {
	t.Helper()

	v := atTrusted(s, name, email)
	p := v.ask(t, http.MethodPost, signInPath, map[string]string{"email": "", "password": ""})

	v.as(p.Token).load(t)

	return p
}

// inParallel does something for each of a list, as a test each.
func inParallel[T any](t *testing.T, desc string, list []T, name func(T) string, do func(t *testing.T, index int, one T)) {
	t.Helper()

	t.Run(desc, func(t *testing.T) {
		for i, one := range list {
			t.Run(name(one), func(t *testing.T) {
				t.Parallel()
				do(t, i, one)
			})
		}
	})

	if t.Failed() {
		t.FailNow()
	}
}

// crowd is who has come by each of the doors.
type crowd struct {
	people []person // of each door
	known  []bool   // to who is told of first sign-ins alone
}

// arrive lets one person in by each door.
func (w *world) arrive(t *testing.T, s *traefik.Server, number int) *crowd {
	t.Helper()

	c := &crowd{people: make([]person, len(doors)), known: make([]bool, len(doors))}

	inParallel(t, fmt.Sprintf("arrival %d", number), doors, nameOfDoor, func(t *testing.T, i int, d door) {
		p := d.arrive(t, w, s, number)
		c.people[i] = p
		w.expect(w.every, told(d.event, p))

		if d.signsIn {
			c.known[i] = true
			w.expect(w.seen, told("first-seen", p))
		}
	})

	return c
}

// again has all of them sign in once more.
func (w *world) again(t *testing.T, s *traefik.Server, c *crowd, desc string) {
	t.Helper()

	for _, p := range w.visitors {
		at(s).as(p.Token).load(t)
		byToken(t, w, s, p)
	}

	inParallel(t, desc, doors, nameOfDoor, func(t *testing.T, i int, d door) {
		p := d.again(t, w, s, c.people[i])
		if p.ID != c.people[i].ID {
			t.Errorf("got: %v, want: the account %v", p.ID, c.people[i].ID)
		}

		if !c.known[i] {
			c.known[i] = true
			w.expect(w.seen, told("first-seen", p))
		}

		if d.desc != "a trusted header" {
			at(s).as(p.Token).load(t)
		}
	})
}

func nameOfDoor(d door) string { return d.desc }

// TestDoors is one story, because a server takes its time to start.
func TestDoors(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves the real Open WebUI out")
	}

	t.Parallel()

	w := build(t)

	// The first account of a new Open WebUI ends the learning at once.
	w.open(t)
	w.settle(t, w.first)

	people := w.arrive(t, w.first, 1)
	w.settle(t, w.first)

	w.again(t, w.first, people, "the second sign-in")
	w.settle(t, w.first)

	t.Run("the list that an admin imports", w.imported)
	t.Run("a provider, in a browser", w.browsed)
	w.settle(t, w.first)

	// A kill between a delivery and the removal of its file makes a double.
	w.drained(t)
	w.first.Kill()

	if err := w.first.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	w.again(t, w.first, people, "after a kill")
	w.settle(t, w.first)

	second := traefik.Run(t, traefik.Options{Dynamic: w.dynamic()})

	w.again(t, second, people, "through another Traefik")
	others := w.arrive(t, second, 2)
	w.again(t, w.first, others, "seen by the other Traefik alone")
	w.settle(t, w.first, second)

	t.Run("through both at once", func(t *testing.T) { w.both(t, second) })
	w.settle(t, w.first, second)

	t.Run("a kill among first sign-ins", w.killed)
	t.Run("spellings of a provider", w.spelled)
	t.Run("learning", w.learning)
	t.Run("wrong passwords", w.refused)
	w.settle(t, second)

	t.Run("pictures", w.pictures)
	t.Run("a second factor", func(t *testing.T) { w.secondFactor(t, second) })
}

// imported are people whom the page adds by as many requests at once.
func (w *world) imported(t *testing.T) {
	var people []person
	for i := range 8 {
		people = append(people, person{Name: fmt.Sprintf("Carl %d", i), Email: fmt.Sprintf("carl.%d@example.org", i)})
	}

	w.browse(t).importList(w.first.URL(), people)

	users, err := w.app.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	count := 0

	for _, user := range users {
		for _, p := range people {
			if user.Email == p.Email {
				count++
				p.ID = user.ID
				w.expect(w.every, told("user-added", p))

				at(w.first).signIn(t, p.Email)
				w.expect(w.seen, told("first-seen", p))
			}
		}
	}

	if count != len(people) {
		t.Errorf("got: %d accounts, want: %d", count, len(people))
	}
}

// browsed is somebody whose account the provider's callback makes, which
// answers with a redirect: the page's own question tells of it.
func (w *world) browsed(t *testing.T) {
	browser := w.browse(t)
	browser.throughProvider(w.first.URL(), "olaf")

	// The page itself has asked, for who is told of it must not wait for more.
	if _, err := w.seen.Await(wait.AtMost(t, patience/3), w.count(w.seen)+1); err != nil {
		t.Error(err)
	}

	p := browser.who()
	if p.Name != "Olaf" || p.Email != "olaf@example.org" {
		t.Fatalf("got: %v, want: Olaf", p)
	}

	w.visitors = append(w.visitors, p)
	w.expect(w.every, told("first-seen", p))
	w.expect(w.seen, told("first-seen", p))
	w.settle(t, w.first)

	// The same browser again, and a fresh one.
	browser.do(chromedp.Reload())
	browser.until(inside)

	fresh := w.browse(t)
	fresh.throughProvider(w.first.URL(), "olaf")

	if again := fresh.who(); again.ID != p.ID {
		t.Errorf("got: %v, want: the account %v", again.ID, p.ID)
	}

	if again := byToken(t, w, w.first, p); again.ID != p.ID {
		t.Errorf("got: %v, want: the account %v", again.ID, p.ID)
	}
}

// spelled has people exchange tokens at every spelling of the provider that
// Open WebUI takes.
func (w *world) spelled(t *testing.T) {
	spellings := []string{"OIDC/token/exchange", "o%69dc/token/exchange", "oidc/token%2Fexchange", "oidc/token/exchange%0a", "oidc/token/exchange?provider=x"}

	for i, p := range w.behind(t, "piet", len(spellings)) {
		path := "/api/v1/auths/oauth/" + spellings[i]

		token, err := w.provider.AccessToken(t.Context(), fmt.Sprintf("piet.%d", i))
		if err != nil {
			t.Fatal(err)
		}

		got := at(w.first).ask(t, http.MethodPost, path, map[string]string{"token": token})
		if got.ID != p.ID {
			t.Errorf("%s: got: %v, want: %v", path, got.ID, p.ID)
		}

		w.expect(w.every, told("first-seen", p))
		w.expect(w.seen, told("first-seen", p))
	}
}

// behind makes accounts that no Traefik sees come.
func (w *world) behind(t *testing.T, label string, count int) []person {
	t.Helper()

	var people []person

	for i := range count {
		people = append(people, visitor{base: w.app.URL(), token: w.app.AdminToken()}.add(t,
			fmt.Sprintf("%s %d", label, i), fmt.Sprintf("%s.%d@example.org", label, i)))
	}

	return people
}

// both has two Traefiks see everybody for the first time at the same moment.
func (w *world) both(t *testing.T, second *traefik.Server) {
	var group sync.WaitGroup

	for _, p := range w.behind(t, "bo", 10) {
		w.expect(w.every, told("first-seen", p))
		w.expect(w.seen, told("first-seen", p))

		for _, s := range []*traefik.Server{w.first, second, w.first, second} {
			group.Go(func() {
				if status, text, err := at(s).as(p.Token).try(t.Context(), http.MethodGet, sessionPath, nil); status != http.StatusOK {
					t.Errorf("got: %d %.200s (%v), want: 200", status, text, err)
				}
			})
		}
	}

	group.Wait()
}

// killed has Traefik end while people are seen for the first time. Nobody is
// lost; a double carries the same id.
func (w *world) killed(t *testing.T) {
	w.drained(t)

	people := w.behind(t, "kim", 12)

	var group sync.WaitGroup

	begun := make(chan struct{}, len(people))

	for _, p := range people {
		group.Go(func() {
			begun <- struct{}{}
			_, _, _ = at(w.first).as(p.Token).try(t.Context(), http.MethodGet, sessionPath, nil)
			begun <- struct{}{}
		})
	}

	// When some have been answered, and others have not.
	for range len(people) + 3 {
		<-begun
	}

	w.first.Kill()
	group.Wait()

	if err := w.first.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	for _, p := range people {
		at(w.first).as(p.Token).load(t)
	}

	// Somebody who comes behind all of them, doubles too.
	last := at(w.first).signUp(t, "Kim Last", "kim.last@example.org")
	w.expectOneID(t, w.every, told("signup", last))
	w.expectOneID(t, w.seen, told("first-seen", last))
	w.drained(t)

	for _, p := range people {
		w.expectOneID(t, w.every, told("first-seen", p))
		w.expectOneID(t, w.seen, told("first-seen", p))
	}
}

// refused people come to nothing: no notice, as the next comparison shows, and
// no marker.
func (w *world) refused(t *testing.T) {
	w.settle(t, w.first)
	w.wantMarkers(t)

	for i := range 5 {
		for path, in := range map[string]map[string]string{
			signInPath: {"email": fmt.Sprintf("wrong.%d@example.org", i), "password": "wrong"},
			ldapPath:   {"user": "lena.1", "password": "wrong"},
			"/api/v1/auths/oauth/oidc%2f..%00/token/exchange": {"token": "wrong"},
			"/api/v1/auths/oauth/o%69dc/token/exchange%0a":    {"token": "wrong"},
			"/api/v1/auths/oauth/%2e%2e/token/exchange":       {"token": "wrong"},
			"/api/v1/auths/oauth/%f0%9f%98%80/token/exchange": {"token": "wrong"},
		} {
			status, text, err := at(w.first).try(t.Context(), http.MethodPost, path, in)
			if err != nil || status < 400 {
				t.Errorf("%s: got: %d %.200s (%v), want: a refusal", path, status, text, err)
			}
		}
	}

	if status, _, _ := at(w.first).try(t.Context(), http.MethodGet, sessionPath, nil); status != http.StatusUnauthorized {
		t.Errorf("got: %d, want: 401 for nobody", status)
	}

	w.settle(t, w.first)
	w.wantMarkers(t)
}
