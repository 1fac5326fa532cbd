package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/coder/websocket"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
)

var socketID = regexp.MustCompile(`"sid":"[^"]*"`)

// words are what the model says, piece by piece.
var words = []string{"Polly ", "wants ", "a ", "cracker."}

// TestPersonChats signs somebody up who needs no approval and chats at once. The
// answer reaches the page through its WebSocket, and each piece must be on the
// page before the model says the next.
func TestPersonChats(t *testing.T) {
	w := shared(t)
	since := w.mark(t)

	w.configure(t, map[string]any{"DEFAULT_USER_ROLE": "user"})
	t.Cleanup(func() { w.configure(t, map[string]any{"DEFAULT_USER_ROLE": "pending"}) })

	p := w.person(t)
	if got := accountIn(t, p.signUp(w.url(watchedHost), "Chatty", "chatty@example.org")); got.Role != "user" {
		t.Fatalf("got: %s, want: a user", got.Role)
	}

	p.do(
		chromedp.WaitVisible(chromedp.CSS("#chat-input")),
		chromedp.Click(chromedp.CSS("#chat-input")),
		call(input.InsertText, input.InsertTextParams{Text: "Hello?"}),
		chromedp.KeyEvent("\r"),
	)

	said := ""

	for _, word := range words {
		if err := w.model.say(wait.AtMost(t, patience), word); err != nil {
			t.Fatalf("%v; the page shows %q", err, p.text())
		}

		said += word
		p.see(strings.TrimSpace(said))
	}

	if err := w.model.say(wait.AtMost(t, patience), ""); err != nil {
		t.Fatal(err)
	}

	p.await("heard the end of the answer", func() bool { return p.heard("<", `"done":true`) })
	p.keep("chat")

	// The page's own socket.io: open, joined, and what the answer came through.
	p.mu.Lock()
	defer p.mu.Unlock()

	if len(p.sockets) == 0 || p.sockets[0] != "101" {
		t.Errorf("got: WebSocket handshakes %q, want: 101", p.sockets)
	}

	for _, want := range []struct{ way, text string }{
		{"<", `0{"sid":`},         // engine.io is open
		{"<", `40{"sid":`},        // and socket.io on it
		{">", `["user-join",`},    // the page says whose it is
		{"<", "cracker."},         // the answer's last piece
		{"<", `"done":true`},      // and its end
		{"<", `"chat:completion`}, // under its name
	} {
		if !p.heard(want.way, want.text) {
			t.Errorf("got: no frame %s %s among %d", want.way, want.text, len(p.frames))
		}
	}

	w.wantNotices(t, since, "Chatty")
}

// heard tells whether a WebSocket frame held a text; with the lock held.
func (p *person) heard(way, text string) bool {
	for _, frame := range p.frames {
		if strings.HasPrefix(frame, way) && strings.Contains(frame, text) {
			return true
		}
	}

	return false
}

// TestSocketIO speaks socket.io through the plugin by hand, frame by frame, and
// again without Traefik; the frames must be the same.
func TestSocketIO(t *testing.T) {
	w := shared(t)

	through := w.socketIO(t, w.traefik.Addr(), watchedHost)
	direct := w.socketIO(t, w.app.Addr(), "")

	if through != direct {
		t.Errorf("got: %s through the plugin, want: %s, as without Traefik", through, direct)
	}

	if !strings.Contains(direct, `"name":"Ada Admin"`) {
		t.Errorf("got: %s, want: Ada Admin's session", direct)
	}
}

func (w *world) socketIO(t *testing.T, addr, host string) string {
	t.Helper()

	ctx := wait.AtMost(t, patience)

	conn, _, err := websocket.Dial(ctx, "ws://"+addr+"/ws/socket.io/?EIO=4&transport=websocket", &websocket.DialOptions{Host: host})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()

	auth, err := json.Marshal(map[string]any{"token": w.app.AdminToken()})
	if err != nil {
		t.Fatal(err)
	}

	var heard []string

	listen := func(prefix string) {
		for {
			_, text, err := conn.Read(ctx)
			if err != nil {
				t.Fatalf("waiting for %s: %v after %q", prefix, err, heard)
			}

			// Others' events may come in between.
			if strings.HasPrefix(string(text), prefix) {
				heard = append(heard, socketID.ReplaceAllString(masked(string(text)), `"sid":"SID"`))
				return
			}
		}
	}

	say := func(text string) {
		if err := conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}

	listen("0") // engine.io: open
	say("40" + string(auth))
	listen("40") // socket.io: connected
	say(`420["user-join",{"auth":` + string(auth) + `}]`)
	listen("430") // acknowledged, with the user
	// Long enough for lengths of 7, 16 and 64 bits.
	for _, size := range []int{10, 1000, 100_000} {
		say(`421["heartbeat",{"padding":"` + strings.Repeat("x", size) + `"}]`)
		listen("431")
	}

	return strings.Join(heard, "\n")
}

// TestAnswerStreams asks the model as programs do; each piece must be with the
// client before the model says the next.
func TestAnswerStreams(t *testing.T) {
	w := shared(t)

	body := `{"model":"` + modelName + `","stream":true,"messages":[{"role":"user","content":"Hello?"}]}`

	req, err := http.NewRequestWithContext(wait.AtMost(t, patience), http.MethodPost, w.traefik.URL()+"/api/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	req.Host = watchedHost
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+w.app.AdminToken())

	type result struct {
		res *http.Response
		err error
	}

	// Open WebUI may wait for the first piece before it answers.
	answered := make(chan result, 1)

	go func() {
		res, err := client.Do(req)
		answered <- result{res, err}
	}()

	if err := w.model.say(wait.AtMost(t, patience), words[0]); err != nil {
		t.Fatal(err)
	}

	got := <-answered
	if got.err != nil {
		t.Fatal(got.err)
	}
	defer func() { _ = got.res.Body.Close() }()

	if got.res.StatusCode != http.StatusOK {
		t.Fatalf("got: %s %s, want: a stream", got.res.Status, readAll(t, got.res.Body))
	}

	lines := bufio.NewScanner(got.res.Body)

	for i, word := range words {
		if heard := nextWord(t, lines); heard != word {
			t.Fatalf("got: %q, want: %q before anything else is said", heard, word)
		}

		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}

		if err := w.model.say(wait.AtMost(t, patience), next); err != nil {
			t.Fatal(err)
		}
	}
}

// nextWord is the next piece that says something.
func nextWord(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()

	for lines.Scan() {
		text, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}

		var event struct {
			Choices []struct {
				Delta struct{ Content string }
			}
		}

		if err := json.Unmarshal(text, &event); err == nil && len(event.Choices) > 0 && event.Choices[0].Delta.Content != "" {
			return event.Choices[0].Delta.Content
		}
	}

	t.Fatalf("the stream ended: %v", lines.Err())

	return ""
}
