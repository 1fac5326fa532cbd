package browser

import (
	"fmt"
	"slices"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// runs is odd, for the median to be one of them.
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

// TestSignUpTakesNoLonger measures sign-ups from the browser through the plugin
// and through Traefik alone, one after the other in turn. It reports, and fails
// only where somebody waits for what nobody should.
func TestSignUpTakesNoLonger(t *testing.T) {
	w := shared(t)
	since := w.mark(t)

	ways := []string{watchedHost, plainHost}
	tabs, took := map[string]*person{}, map[string][]float64{}

	for _, host := range ways {
		tabs[host] = w.person(t)
		tabs[host].openSignUp(w.url(host))
	}

	var names []string

	// Each goes first as often, and the first round only warms up.
	for round := range runs + 1 {
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
		runs, with[runs/2], without[runs/2], with[runs/2]/without[runs/2], with[0], without[0])

	// The work of a sign-up is the password's hash. Shared machines stumble, but
	// not each time.
	if with[0] > 2*without[0] {
		t.Errorf("got: %.1f ms through the plugin at best, want: no more than without it, %.1f ms", with[0], without[0])
	}

	w.wantNotices(t, since, names...)
}
