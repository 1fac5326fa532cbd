package browser

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	seenHost = "seen.localhost" // with the plugin, and the event first-seen

	sessionPath = "/api/v1/auths/"

	// sessionDelay is what the control adds to the session check. It is more than
	// what a sign-up gets, for a page load takes longer and varies more.
	sessionDelay = 500 * time.Millisecond
)

// watchPage runs before anything of a page does. It promises the time when the
// chat is there for somebody who is signed in: the box that they write in, and no
// splash screen in front of it. It also has the browser keep the times of all
// requests, which are more than it keeps by itself.
const watchPage = `
performance.setResourceTimingBufferSize(5000);
window.chatShown = new Promise(resolve => {
	const observer = new MutationObserver(() => {
		if (document.querySelector('#splash-screen') || !document.querySelector('#chat-input')?.checkVisibility()) return;
		observer.disconnect();
		resolve(performance.now());
	});
	observer.observe(document, {childList: true, subtree: true, attributes: true});
});`

// loadTimes waits for that, and is what a load took. All times of a page count
// from the start of its navigation.
var loadTimes = fmt.Sprintf(`window.chatShown.then(shown => {
	const check = performance.getEntriesByType('resource').find(e => new URL(e.name).pathname === %q);
	return {
		page: Math.max(shown, check.responseEnd),
		check: check.duration,
		status: check.responseStatus,
		size: check.decodedBodySize,
	};
})`, sessionPath)

// load is a page load as the browser saw it.
type load struct {
	Page   float64 // milliseconds until the chat was there and the check answered
	Check  float64 // milliseconds of them that the session check took
	Status int     // of its answer
	Size   int     // of its answer, decoded
}

// load loads the page of somebody who is signed in, and leaves it again, so that
// it does not disturb the next one.
func (p *person) load(site string) load {
	p.t.Helper()

	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()

	p.do(chromedp.Navigate(site + "/"))

	got, err := chromedp.Run(ctx, chromedp.Evaluate[load](loadTimes, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%v; the page shows %q", err, p.text())
	}

	p.do(chromedp.Navigate("about:blank"))

	return got
}

// signedIn is somebody with a session at a site, whose page loads can be timed.
func (w *world) signedIn(t *testing.T, site, token string) *person {
	t.Helper()

	p := w.person(t)

	// A file of the site's own, for a place to keep the session at.
	p.do(chromedp.Navigate(site + "/manifest.json"))
	p.number(fmt.Sprintf(`localStorage.setItem('token', %q), 0`, token))

	// To tell of each request would take the browser its time.
	p.do(
		call(network.Disable, cdp.Empty{}),
		call(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watchPage}),
	)

	return p
}

// photo is a picture of 50 KB, as Open WebUI keeps them: a URL that holds it.
func photo(t *testing.T) string {
	t.Helper()

	// Noise, 4 bytes a pixel, does not become less.
	noise, picture := rand.NewChaCha8([32]byte{}), image.NewNRGBA(image.Rect(0, 0, 112, 112))
	_, _ = noise.Read(picture.Pix)

	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}

	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())
}

// add has the admin make an account that need not be approved.
func (w *world) add(t *testing.T, name string) webui.Account {
	t.Helper()

	var account webui.Account

	err := w.app.Call(wait.AtMost(t, patience), http.MethodPost, "/api/v1/auths/add", w.app.AdminToken(),
		map[string]string{"name": name, "email": webui.EmailOf(name), "password": webui.Password, "role": "user"}, &account)
	if err != nil {
		t.Fatal(err)
	}

	return account
}

// TestPageLoadTakesNoLonger measures whole page loads as TestSignUpTakesNoLonger
// measures sign-ups: of somebody who is signed in, whom the plugin has seen before,
// and whose picture is in the answer that the plugin looks at.
//
// BROWSER_LOADS=15 is steadier, and takes its time.
func TestPageLoadTakesNoLonger(t *testing.T) {
	w := shared(t)
	least := environ.Number(t, "BROWSER_LOADS", 5)
	notices := receiver.Run(t)

	err := w.publish(t.Context(), map[string]site{
		seenHost: {upstream: w.app.URL(), middlewares: []options{{
			"webhookURL": notices.URL(),
			"events":     []string{"signup", "first-seen"},
			"learnFor":   "0s",
			// The middleware is there for longer than the test.
			"stateDir": filepath.Join(w.traefik.Dir(), "state"),
		}}},
		slowHost: {upstream: delayed(t, w.app.URL(), http.MethodGet, sessionPath, sessionDelay)},
	})
	if err != nil {
		t.Fatal(err)
	}

	const name = "Laura Load"

	laura, picture := w.add(t, name), photo(t)

	err = w.app.Call(wait.AtMost(t, patience), http.MethodPost, "/api/v1/auths/update/profile", laura.Token,
		map[string]string{"name": name, "profile_image_url": picture}, nil)
	if err != nil {
		t.Fatal(err)
	}

	ways := []string{seenHost, plainHost, slowHost}
	tabs, pages, checks := map[string]*person{}, map[string][]float64{}, map[string][]float64{}

	for _, host := range ways {
		tabs[host] = w.signedIn(t, w.url(host), laura.Token)

		// What the first load fetches, the browser keeps.
		if got := tabs[host].load(w.url(host)); got.Status != http.StatusOK || got.Size < len(picture) {
			t.Fatalf("%s: got: %+v, want: a session check with the picture, %d bytes", host, got, len(picture))
		}
	}

	// That was her first sign-in, for the plugin.
	if _, err := notices.Await(wait.AtMost(t, patience), 1); err != nil {
		t.Fatal(err)
	}

	settled := func() bool {
		without := slices.Min(pages[plainHost])

		return !slower(slices.Min(pages[seenHost]), without) && slower(slices.Min(pages[slowHost]), without) &&
			!slower(slices.Min(checks[seenHost]), slices.Min(checks[plainHost]))
	}

	// What stumbles gets more of them.
	for round := range 3 * least {
		if round >= least && settled() {
			break
		}

		// So each comes after each of the others as often, and never after itself:
		// a page that was left still has its end to make.
		ways[1], ways[2] = ways[2], ways[1]

		for _, host := range ways {
			got := tabs[host].load(w.url(host))
			pages[host] = append(pages[host], got.Page)
			checks[host] = append(checks[host], got.Check)
		}
	}

	for _, measured := range []struct {
		what string
		took map[string][]float64
	}{
		{what: "a page load in the browser", took: pages},
		{what: "the session check in it", took: checks},
	} {
		with, without := slices.Sorted(slices.Values(measured.took[seenHost])), slices.Sorted(slices.Values(measured.took[plainHost]))
		control := slices.Sorted(slices.Values(measured.took[slowHost]))

		t.Logf("%s, median of %d: %.1f ms through the plugin, %.1f ms through Traefik without it, ratio %.3f (the fastest: %.1f and %.1f ms); the control: %.1f ms (%.1f ms)",
			measured.what, len(with), median(with), median(without), median(with)/median(without), with[0], without[0], median(control), control[0])

		switch {
		case !slower(control[0], without[0]):
			t.Logf("this machine is too busy to tell: %v more do not show either, at best %.1f ms", sessionDelay, control[0])
		case slower(with[0], without[0]):
			t.Errorf("%s: got: %.1f ms through the plugin at best, want: no more than without it, %.1f ms", measured.what, with[0], without[0])
		}
	}

	w.wantSeen(t, notices, name)
}

// wantSeen compares all that came of seenHost with the notices of these names and
// of one who signs in last of all: those who sign in are looked at in their order.
func (w *world) wantSeen(t *testing.T, notices *receiver.Receiver, names ...string) {
	t.Helper()

	const last = "Lena Last"

	header := http.Header{"Authorization": {"Bearer " + w.add(t, last).Token}}

	got, err := ask(wait.AtMost(t, patience), http.MethodGet, w.traefik.URL(), seenHost, sessionPath, header, nil)
	if err != nil || got.status != http.StatusOK {
		t.Fatalf("got: %d (%v), want: the session of %s", got.status, err, last)
	}

	if _, err := notices.AwaitBody(wait.AtMost(t, patience), receiver.Greeting+last); err != nil {
		t.Fatal(err)
	}

	var bodies, want []string
	for _, r := range notices.Tries() {
		bodies = append(bodies, r.Body)
	}

	for _, name := range append(names, last) {
		want = append(want, receiver.Greeting+name)
	}

	if !slices.Equal(bodies, want) {
		t.Errorf("got: %q, want: %q, the receiver's whole log", bodies, want)
	}
}
