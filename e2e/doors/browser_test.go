package doors

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/identity"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// tab is a page of a browser that has nothing in it yet.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// stepPatience is for one step in a page.
const stepPatience = patience / 2

// browse opens a browser, which ends with the test.
func (w *world) browse(t *testing.T) *tab {
	t.Helper()
	tools.Check(t, w.noBrowser)

	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(w.browser),
		chromedp.NoSandbox, // which does not work for root
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(t.TempDir()),
	)

	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)

	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)

	// The first call starts it, and must know no end.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}

	return &tab{t: t, ctx: ctx}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()

	for i, step := range steps {
		ctx, cancel := context.WithTimeout(b.ctx, stepPatience)
		err := chromedp.Do(ctx, step)

		cancel()

		if err != nil {
			b.t.Fatalf("the browser's step %d: %v\n%s", i, err, b.page())
		}
	}
}

// page is what it shows, for whom a test has failed.
func (b *tab) page() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()

	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 500)`))

	return fmt.Sprintf("its page: %s (%v)", text, err)
}

// until asks the page, whichever it is by then, until the answer is true.
func (b *tab) until(question string) {
	b.t.Helper()

	ctx, cancel := context.WithTimeout(b.ctx, stepPatience)
	defer cancel()

	for {
		yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](question))
		if err == nil && yes {
			return
		}

		select {
		case <-ctx.Done():
			b.t.Fatalf("the browser: never %s (%v)\n%s", question, err, b.page())
		case <-time.After(50 * time.Millisecond): // between two pages none answers
		}
	}
}

// press presses the button that reads so, as soon as there is one. It does so
// in the page, for a mouse meets what lies over the button.
func (b *tab) press(text string) {
	b.t.Helper()

	b.until(fmt.Sprintf(`(() => {
		const button = [...document.querySelectorAll("button")].find((button) => button.innerText.trim().startsWith(%q));
		button?.click();
		return Boolean(button);
	})()`, text))
}

// inside is true when somebody is signed in and the page has done its own
// asking: it leaves the form only then.
const inside = `location.pathname !== "/auth" && Boolean(localStorage.token) && !document.querySelector("#splash-screen")`

// who is signed in in the page. It asks the server once more.
func (b *tab) who() person {
	b.t.Helper()

	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[person](
		`fetch("/api/v1/auths/", {headers: {Authorization: "Bearer " + localStorage.token}}).then((answer) => answer.json())`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("the browser: %v\n%s", err, b.page())
	}

	return answer
}

// throughProvider signs somebody in as people do: by the button, and by the
// provider's page, where that person is not known yet.
func (b *tab) throughProvider(base, login string) {
	b.t.Helper()

	b.do(chromedp.Navigate(base + "/auth"))
	b.press("Continue with ")
	b.do(
		chromedp.SendKeys(chromedp.CSS(`input[name="login"]`), login),
		chromedp.SendKeys(chromedp.CSS(`input[name="password"]`), identity.Password),
		chromedp.Click(chromedp.CSS(`button[type="submit"]`)),
	)
	b.until(inside)
}

// importList has an administrator upload a list of people in the page that
// there is for it.
func (b *tab) importList(base string, people []person) {
	b.t.Helper()

	list := "Name,Email,Password,Role\n"
	for _, p := range people {
		list += p.Name + "," + p.Email + "," + webui.Password + ",user\n"
	}

	file := filepath.Join(b.t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		b.t.Fatal(err)
	}

	b.do(chromedp.Navigate(base + "/auth"))
	b.press("Continue with Email") // rather than LDAP
	b.do(
		chromedp.SendKeys(chromedp.CSS(`input[type="email"]`), "admin@example.org"),
		chromedp.SendKeys(chromedp.CSS(`input[type="password"]`), webui.Password),
		chromedp.Click(chromedp.CSS(`button[type="submit"]`)),
	)
	b.until(inside)
	b.press("Okay, Let's Go!") // which says what is new
	b.do(chromedp.Navigate(base + "/admin/users/overview"))
	b.press("Add User")
	b.press("CSV Import")
	b.do(chromedp.SetUploadFiles(chromedp.CSS(`#upload-user-csv-input`), []string{file}, chromedp.NodeReady))
	b.press("Save")
	b.until(fmt.Sprintf(`document.body.innerText.includes("Successfully imported %d users")`, len(people)))
}
