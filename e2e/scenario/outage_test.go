package scenario

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/secretfile"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// The parts of a URL that no log may show.
const (
	secretPath  = "path-that-nobody-may-know"
	secretQuery = "query-that-nobody-may-know"
)

func secretURL(r *receiver.Receiver) string {
	return r.URL() + "/" + secretPath + "?key=" + secretQuery
}

// wantNoSecret looks at all that Traefik has logged.
func wantNoSecret(t *testing.T, p *proxy) {
	t.Helper()

	for line := range strings.Lines(p.Log()) {
		if strings.Contains(line, secretPath) || strings.Contains(line, secretQuery) {
			t.Errorf("got: a secret in the log: %s", line)
		}
	}
}

func TestReceiverThatFailsCostsNoClientAnything(t *testing.T) {
	tests := []struct {
		desc string
		fail func(r *receiver.Receiver)
		want string // in the log, a regular expression
	}{
		{
			desc: "hangs",
			fail: (*receiver.Receiver).Hang,
			want: `no answer within 1s\. Check whether the receiver is down or too slow`,
		},
		{
			desc: "refuses the connection",
			fail: (*receiver.Receiver).SwitchOff,
			want: `it refused the connection\. Check that the receiver is running, the port`,
		},
		{
			desc: "answers 500",
			fail: func(r *receiver.Receiver) { r.Answer(http.StatusInternalServerError) },
			want: `it answered 500 Internal Server Error\. Check the receiver's own log`,
		},
		{
			desc: "answers 404",
			fail: func(r *receiver.Receiver) { r.Answer(http.StatusNotFound) },
			want: `it answered 404 Not Found\. Check that the webhook still exists`,
		},
		{
			desc: "answers 401",
			fail: func(r *receiver.Receiver) { r.Answer(http.StatusUnauthorized) },
			want: `it answered 401 Unauthorized\. Check whether the key`,
		},
		{
			desc: "answers 429",
			fail: func(r *receiver.Receiver) { r.Answer(http.StatusTooManyRequests) },
			want: `it answered 429 Too Many Requests\. Check .*fewer notices`,
		},
		{
			desc: "redirects",
			fail: func(r *receiver.Receiver) { r.Answer(http.StatusFound, "Location", r.URL()+"/elsewhere") },
			want: `it answered 302 Found\. Check the URL`,
		},
	}

	r, app := receiver.Run(t), webui.RunStandIn(t)
	p := own(t, traefik.Options{Env: []string{"WEBHOOK_URL=" + secretURL(r)}})

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			host := hostOf(t)
			p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"timeout": "1s"}}})

			tried := len(r.Tries())

			test.fail(r)

			// That the answer comes at all while the receiver fails or hangs
			// is what is asked for: nothing helps the receiver before it.
			p.signUp(t, host, "Tim "+test.desc)

			name := host + "-1@file"
			if err := p.AwaitLog(t.Context(), name+": notice"); err != nil {
				t.Error(err)
			}

			r.Answer(http.StatusOK)

			if err := r.SwitchOn(); test.desc == "refuses the connection" && err != nil {
				t.Fatal(err)
			}

			if _, err := r.AwaitBody(wait.AtMost(t, patience), receiver.Greeting+"Tim "+test.desc); err != nil {
				t.Fatal(err)
			}

			id := wantOneNotice(t, r.Tries()[tried:])
			line := regexp.MustCompile(`signupwebhook: ` + regexp.QuoteMeta(name) + `: notice ` + id + ` was not delivered to ` +
				regexp.QuoteMeta(r.URL()) + `: ` + test.want)

			lines := p.Lines(traefik.Error, id)
			if len(lines) == 0 || !line.MatchString(lines[0]) {
				t.Errorf("got: %q, want: first %s", lines, line)
			}

			// Tries that fail the same way are summed up.
			if failed := len(r.Tries()) - tried; len(lines) > max(failed, 2) {
				t.Errorf("got: %d lines for %d tries: %q", len(lines), failed, lines)
			}
		})
	}

	wantNoSecret(t, p)
}

// wantOneNotice returns the id that all tries must share. All go to the same
// URL, and one is taken.
func wantOneNotice(t *testing.T, tries []receiver.Request) string {
	t.Helper()

	id, taken := "", 0

	for _, try := range tries {
		if id == "" {
			id = try.Header.Get("Webhook-Id")
		}

		if got := try.Header.Get("Webhook-Id"); got != id {
			t.Errorf("got: webhook-id %s, want: %s again", got, id)
		}

		if want := "/" + secretPath + "?key=" + secretQuery; try.Method != http.MethodPost || try.Target != want {
			t.Errorf("got: %s %s, want: POST %s", try.Method, try.Target, want)
		}

		if try.Taken() {
			taken++
		}
	}

	if taken != 1 {
		t.Errorf("got: %d notices taken, want: 1", taken)
	}

	return id
}

func TestURLFromTheEnvironment(t *testing.T) {
	environment, other, app := receiver.Run(t), receiver.Run(t), webui.RunStandIn(t)
	p := own(t, traefik.Options{Env: []string{"WEBHOOK_URL=" + secretURL(environment)}})
	host := hostOf(t)
	p.publish(t,
		site{host: host, upstream: app.URL, middlewares: []options{{}}},
		site{host: "other-" + host, upstream: app.URL, middlewares: []options{{"webhookURL": other.URL()}}},
	)
	p.signUp(t, host, "Tim")
	p.signUp(t, "other-"+host, "Tom")

	wantNotices(t, p.settled(t, host, environment), "Tim")
	wantNotices(t, p.settled(t, "other-"+host, other), "Tom") // the option wins
	wantNoSecret(t, p)
}

func TestURLFileIsReadBeforeEachTry(t *testing.T) {
	p, app, host := shared(t), webui.RunStandIn(t), hostOf(t)
	one, two := receiver.Run(t), receiver.Run(t)
	file := filepath.Join(t.TempDir(), "url")

	// There is no file yet: the router works, and the notice waits.
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURLFile": file}}})
	p.signUp(t, host, "early")

	if err := p.AwaitLog(t.Context(), host+"-1@file: notice"); err != nil {
		t.Error(err)
	}

	want := "webhookURLFile: open " + file + ": no such file or directory. Check the file."
	if lines := p.Lines(traefik.Error, host+"-1@file: notice"); len(lines) == 0 || !strings.Contains(lines[0], want) {
		t.Errorf("got: %q, want: %s", lines, want)
	}

	secretfile.Write(t, file, "\n "+secretURL(one)+" \n")

	if _, err := one.Await(wait.AtMost(t, patience), 1); err != nil {
		t.Fatal(err)
	}

	wantNotices(t, p.settled(t, host, one), "early")

	// Rotated as Kubernetes and Docker do it, without a reload.
	secretfile.Write(t, file, secretURL(two))
	p.signUp(t, host, "late")
	wantNotices(t, p.settled(t, host, two), "late")

	if got := len(one.Tries()); got != 2 {
		t.Errorf("got: %d tries at the first URL, want: 2", got)
	}

	// Now the receiver fails, and the way out is another URL.
	two.Answer(http.StatusGone)
	p.signUp(t, host, "stuck")

	if err := p.AwaitLog(t.Context(), "it answered 410 Gone"); err != nil {
		t.Error(err)
	}

	secretfile.Write(t, file, secretURL(one))

	if _, err := one.AwaitBody(wait.AtMost(t, patience), receiver.Greeting+"stuck"); err != nil {
		t.Error(err)
	}

	wantNoSecret(t, p)
}

func TestManySignUpsWaitForTheReceiver(t *testing.T) {
	p, r, app, host := shared(t), receiver.Run(t), webui.RunStandIn(t), hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}})
	r.SwitchOff()

	var names []string

	for i := range 100 {
		names = append(names, fmt.Sprintf("waiting %03d", i))
		p.signUp(t, host, names[i])
	}

	if err := r.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	taken, err := r.Await(wait.AtMost(t, patience), len(names))
	if err != nil {
		t.Fatal(err)
	}

	for i, request := range taken {
		if want := receiver.Greeting + names[i]; request.Body != want {
			t.Fatalf("got: %q as number %d, want: %q, for they go in order", request.Body, i, want)
		}
	}

	if lines := p.Lines(traefik.Error, host+"-1@file: delivered again after"); len(lines) != 1 {
		t.Errorf("got: %q, want: one line that tells the end of the outage", lines)
	}

	wantNotices(t, p.settled(t, host, r), names...)
}
