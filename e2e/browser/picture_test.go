package browser

import (
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// frame shows the page on which somebody signs up, and below it what the
// receiver got.
const frame = `<body style="margin:0;padding:20px;background:#e8eaee;font:15px/1.5 'DejaVu Sans',sans-serif;width:760px">
<div style="border:1px solid #b8bcc4;border-radius:6px;overflow:hidden;background:#fff">
<div style="background:#d5d8de;padding:5px 12px;font-size:13px;color:#333">%s</div>
<img style="display:block;width:758px" src="data:image/png;base64,%s"></div>
<div style="margin-top:14px;border-radius:6px;background:#1b1f27;color:#e4e8ee;padding:12px 16px;font:14px/1.6 'DejaVu Sans Mono',monospace">
<span style="color:#8d96a5">the receiver got: </span>%s %s<br>%s</div></body>`

// TestPictureOfASignUp makes the picture that the README shows, of what really
// happens, and with -record keeps it in docs/.
func TestPictureOfASignUp(t *testing.T) {
	w := shared(t)
	since := w.mark(t)

	p := w.person(t)
	p.do(chromedp.EmulateViewport(900, 420))
	p.openSignUp(w.url(watchedHost))
	p.fill("Tim Berger", "tim.berger@example.org")

	form := p.keep("form")

	accountIn(t, p.submit())
	p.see("Account Activation Pending")

	notices := w.notices(t, since)
	if len(notices) != 1 || notices[0].Body != receiver.Greeting+"Tim Berger" {
		t.Fatalf("got: %v, want: one notice of Tim Berger", notices)
	}

	n := notices[0]
	content := fmt.Sprintf(frame, "http://"+watchedHost+"/auth", base64.StdEncoding.EncodeToString(form),
		n.Method, html.EscapeString(n.Header.Get("Content-Type")), html.EscapeString(n.Body))

	viewer := w.person(t)
	viewer.do(
		chromedp.EmulateViewport(800, 520),
		chromedp.Navigate("data:text/html;charset=utf-8;base64,"+base64.StdEncoding.EncodeToString([]byte(content))),
		chromedp.WaitVisible(chromedp.CSS("img")),
	)

	picture := viewer.keep("sign-up and notice")

	const most = 150_000
	if size := len(picture); size > most || !strings.HasPrefix(string(picture), "\x89PNG") {
		t.Errorf("got: a picture of %d bytes, want: a PNG of at most %d", size, most)
	}

	if !*record {
		return
	}

	root, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(filepath.Join(root, "docs", "sign-up.png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
