package delivery

import (
	"fmt"
	"io"
	"math/bits"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

func TestAnswerContains(t *testing.T) {
	t.Parallel()

	var says atomic.Value

	says.Store(`{"routed":false,"` + secretToken + `":1}`)

	r := receiver.Run(t)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		r.ServeHTTP(rw, req) // which remembers it and writes the status
		_, _ = io.WriteString(rw, fmt.Sprint(says.Load()))
	}))
	t.Cleanup(server.Close)

	p := traefik.Run(t, traefik.Options{Dynamic: configuration(newApp(t),
		site{"wants", options{"webhookURLFile": secretFile(t, secretURL(server.URL)), "answerContains": `"routed":true`}},
	)})
	signUp(t, p, "wants", "Tim")

	line := awaitSaid(t, p, "wants", "was not delivered")
	if want := "its answer does not hold the text of answerContains. Check at the receiver why it did not take the notice"; !strings.Contains(line, want) {
		t.Errorf("got: %s, want: %s", line, want)
	}

	// It goes on, for the answer was no success.
	tried, err := r.AwaitTries(wait.AtMost(t, patience), 2)
	if err != nil {
		t.Fatal(err)
	}

	unheard := len(tried)

	says.Store(`{"routed":true}`)
	awaitSaid(t, p, "wants", "delivered again after")
	idOf(t, r.Tries())

	// The notice is done, so the next one is the next try.
	done := len(r.Tries())
	if done <= unheard {
		t.Errorf("got: %d tries, want: more than %d", done, unheard)
	}

	signUp(t, p, "wants", "Tom")

	tried, err = r.AwaitTries(wait.AtMost(t, patience), done+1)
	if err != nil {
		t.Fatal(err)
	}

	if got := tried[done].Body; got != receiver.Greeting+"Tom" {
		t.Errorf("got: %q, want: %q", got, receiver.Greeting+"Tom")
	}

	wantNoSecret(t, p)
}

// TestRedirectIsNotFollowed has a receiver that would take the notice at the
// address to which it redirects, by GET or POST.
func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()

	here, elsewhere, app := receiver.Run(t), receiver.Run(t), newApp(t)
	file := secretFile(t, secretURL(here.URL()))
	// A change of the configuration ends the hold that each redirect begins.
	configure := func(message string) string {
		return configuration(app, site{"redirected", options{"webhookURLFile": file, "message": message}})
	}

	p := traefik.Run(t, traefik.Options{Dynamic: configure("{name}")})
	here.Answer(http.StatusMultipleChoices)
	signUp(t, p, "redirected", "Tim")
	awaitSaid(t, p, "redirected", "it answered 300 ")

	for _, status := range []int{301, 302, 303, 307, 308} {
		here.Answer(status, "Location", elsewhere.URL()+"/"+secretPath)

		if err := p.WriteDynamic(t.Context(), configure(fmt.Sprint(status))); err != nil {
			t.Fatal(err)
		}

		awaitSaid(t, p, "redirected", fmt.Sprintf("it answered %d ", status))
	}

	here.Answer(http.StatusOK)

	if err := p.WriteDynamic(t.Context(), configure("mended")); err != nil {
		t.Fatal(err)
	}

	taken(t, here, 1)

	for _, try := range here.Tries() {
		if try.Method != http.MethodPost || try.Header.Get("Referer") != "" {
			t.Errorf("got: %s with Referer %q, want: POST and none", try.Method, try.Header.Get("Referer"))
		}
	}

	if got := len(elsewhere.Tries()); got != 0 {
		t.Errorf("got: %d requests at the other address, want: none", got)
	}

	wantNoSecret(t, p)
}

// ended is the line at the end of an outage.
func ended(waiting int) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`delivered again after [0-9.ms]+, %d waiting `, waiting))
}

// TestRepeatsAreSummedUp hurries the tries by changes of the configuration,
// since those of a receiver that is down are minutes apart.
func TestRepeatsAreSummedUp(t *testing.T) {
	t.Parallel()

	const tries = 30

	r, app := receiver.Run(t), newApp(t)
	configure := func(timeout time.Duration) string {
		return configuration(app, site{"down", options{"webhookURL": r.URL(), "timeout": timeout.String()}})
	}

	p := traefik.Run(t, traefik.Options{Dynamic: configure(time.Second)})

	r.Answer(http.StatusServiceUnavailable)

	for _, name := range []string{"Tim", "Tom", "Tam"} {
		signUp(t, p, "down", name)
	}

	for i := range tries {
		tried := len(r.Tries())

		if err := p.WriteDynamic(t.Context(), configure(time.Duration(10+i)*time.Second)); err != nil {
			t.Fatal(err)
		}

		if _, err := r.AwaitTries(wait.AtMost(t, patience), tried+1); err != nil {
			t.Fatal(err)
		}
	}

	failed := len(r.Tries())
	lines := said(p, "down")

	// The first failure, and each time that their number has doubled.
	if got, most := len(lines), bits.Len(uint(failed)); failed < tries || got < 3 || got > most {
		t.Errorf("got: %d lines for %d failures, want: 3 to %d: %q", got, failed, most, lines)
	}

	r.Answer(http.StatusOK)

	if err := p.WriteDynamic(t.Context(), configure(time.Minute)); err != nil {
		t.Fatal(err)
	}

	taken(t, r, 3)

	line := awaitSaid(t, p, "down", "delivered again after")
	if want := ended(2); !want.MatchString(line) {
		t.Errorf("got: %s, want: %s", line, want)
	}

	if got := said(p, "down"); strings.Count(strings.Join(got, ""), "delivered again") != 1 {
		t.Errorf("got: %q, want: one line for the end", got)
	}
}

// TestManyRefusalsAreSummedUp is about a receiver that refuses each notice by
// itself: all are tried at once.
func TestManyRefusalsAreSummedUp(t *testing.T) {
	t.Parallel()

	const people = 40

	r, app := receiver.Run(t), newApp(t)
	configure := func(timeout string) string {
		return configuration(app, site{"refuses", options{"webhookURL": r.URL(), "timeout": timeout}})
	}

	p := traefik.Run(t, traefik.Options{Dynamic: configure("10s")})

	r.Answer(http.StatusBadRequest)

	for i := range people {
		signUp(t, p, "refuses", fmt.Sprintf("Tim %d", i))
	}

	if _, err := r.AwaitTries(wait.AtMost(t, patience), people); err != nil {
		t.Fatal(err)
	}

	lines := said(p, "refuses")
	if got, most := len(lines), bits.Len(uint(len(r.Tries()))); got < 3 || got > most {
		t.Errorf("got: %d lines for %d refusals, want: 3 to %d: %q", got, people, most, lines)
	}

	// What was wrong is mended: those aside come again by themselves.
	r.Answer(http.StatusOK)

	if err := p.WriteDynamic(t.Context(), configure("11s")); err != nil {
		t.Fatal(err)
	}

	bodies := map[string]bool{}
	for _, request := range taken(t, r, people) {
		bodies[request.Body] = true
	}

	if len(bodies) != people {
		t.Errorf("got: %d notices, want: %d", len(bodies), people)
	}

	// While others are taken, it is no outage: the end is when nothing stands
	// aside any more.
	line := awaitSaid(t, p, "refuses", "delivered again after")
	if want := ended(0); !want.MatchString(line) {
		t.Errorf("got: %s, want: %s", line, want)
	}
}
