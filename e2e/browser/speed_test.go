package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// runs is how often each way is gone at least. It is odd, for the median to be one
// of them.
const runs = 11

// timed is a sign-up as the page makes it, and how long its answer takes the
// browser, in milliseconds.
const timed = `(async () => {
	const begin = performance.now();
	const answer = await fetch('/api/v1/auths/signup', {
		method: 'POST', headers: {'Content-Type': 'application/json'}, credentials: 'omit', body: %q,
	});
	await answer.json();
	if (!answer.ok) throw new Error(answer.status);
	return performance.now() - begin;
})()`

// slowHost is the control of what is measured: without the plugin, and slow.
const slowHost = "slow.localhost"

// delay is what the control adds to a sign-up, and nobody would want to wait for.
const delay = 150 * time.Millisecond

// slower tells whether something takes longer than another that does the same,
// each by its fastest run: shared machines stumble, but not each time. The work of
// a sign-up is the password's hash, that of a page load the page's own code, and on
// a busy machine each takes a part longer or shorter.
func slower(with, without float64) bool {
	return with > 1.2*without && with > without+60
}

func TestSlower(t *testing.T) {
	tests := []struct {
		desc          string
		with, without float64
		want          bool
	}{
		{desc: "the same", with: 250, without: 250},
		{desc: "faster", with: 200, without: 250},
		{desc: "a little", with: 290, without: 250},
		{desc: "by half, of little", with: 90, without: 60},
		{desc: "150 ms more", with: 400, without: 250, want: true},
		{desc: "150 ms more, of a slow hash", with: 800, without: 650, want: true},
		{desc: "a busy machine", with: 2200, without: 2000},
	}

	for _, test := range tests {
		if got := slower(test.with, test.without); got != test.want {
			t.Errorf("%s: got: %v, want: %v", test.desc, got, test.want)
		}
	}
}

// delayed passes requests on to the server, and those of one kind with a delay.
func delayed(t *testing.T, server, method, path string, delay time.Duration) string {
	t.Helper()

	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}

	proxy := httputil.NewSingleHostReverseProxy(target)

	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		if req.Method == method && req.URL.Path == path {
			// Not a wait for something: what is measured.
			time.Sleep(delay)
		}

		proxy.ServeHTTP(rw, req)
	}))
	t.Cleanup(front.Close)

	return front.URL
}

// TestSignUpTakesNoLonger measures sign-ups from the browser through the plugin
// and through Traefik alone, one after the other in turn. A third way, without the
// plugin, is as slow as the plugin may never be: where not even that one shows, the
// machine is too busy to tell, and the test says so.
func TestSignUpTakesNoLonger(t *testing.T) {
	w := shared(t)
	since := w.mark(t)

	if err := w.publish(t.Context(), map[string]site{slowHost: {upstream: delayed(t, w.app.URL(), http.MethodPost, webui.SignUpPath, delay)}}); err != nil {
		t.Fatal(err)
	}

	ways := []string{watchedHost, plainHost, slowHost}
	tabs, took := map[string]*person{}, map[string][]float64{}

	for _, host := range ways {
		tabs[host] = w.person(t)
		tabs[host].openSignUp(w.url(host))
	}

	var names []string

	settled := func() bool {
		without := slices.Min(took[plainHost])

		return !slower(slices.Min(took[watchedHost]), without) && slower(slices.Min(took[slowHost]), without)
	}

	// The first round only warms up. What stumbles gets more of them.
	for round := range 3*runs + 1 {
		if round > runs && settled() {
			break
		}

		slices.Reverse(ways)

		for _, host := range ways {
			name := fmt.Sprintf("Speedy %d", round)
			if host == watchedHost {
				names = append(names, name)
			}

			ms := tabs[host].number(fmt.Sprintf(timed, webui.SignUpBody(name, fmt.Sprintf("speedy%d@%s", round, host+".example.org"))))
			if round > 0 {
				took[host] = append(took[host], ms)
			}
		}
	}

	with, without := slices.Sorted(slices.Values(took[watchedHost])), slices.Sorted(slices.Values(took[plainHost]))

	t.Logf("a sign-up in the browser, median of %d: %.1f ms through the plugin, %.1f ms through Traefik without it, ratio %.3f (the fastest: %.1f and %.1f ms)",
		len(with), median(with), median(without), median(with)/median(without), with[0], without[0])

	switch control := slices.Min(took[slowHost]); {
	case !slower(control, without[0]):
		t.Logf("this machine is too busy to tell: %v more do not show either, at best %.1f ms", delay, control)
	case slower(with[0], without[0]):
		t.Errorf("got: %.1f ms through the plugin at best, want: no more than without it, %.1f ms", with[0], without[0])
	}

	w.wantNotices(t, since, names...)
}

func median(sorted []float64) float64 { return sorted[len(sorted)/2] }
