package receivers

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/slack-go/slack"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// texts take the text out of a body by a library's model of it, which refuses
// what it does not know.
var texts = map[string]func(data []byte) (string, error){
	"slack": func(data []byte) (string, error) {
		// The model lacks this of the switches that Slack documents.
		var got struct {
			slack.WebhookMessage

			Markup *bool `json:"mrkdwn"`
		}

		err := strict(data, &got)

		for _, on := range []*bool{got.UnfurlLinks, got.UnfurlMedia, got.Markup} {
			if err == nil && (on == nil || *on) {
				err = fmt.Errorf("markup or previews are on")
			}
		}

		return got.Text, err
	},
	"discord": func(data []byte) (string, error) {
		var got discordgo.WebhookParams

		err := strict(data, &got)
		if err == nil && (got.AllowedMentions == nil || got.AllowedMentions.Parse == nil || len(got.AllowedMentions.Parse) > 0 || got.Flags != discordgo.MessageFlagsSuppressEmbeds) {
			err = fmt.Errorf("mentions or previews are on")
		}

		return got.Content, err
	},
	"mattermost": keyText, "rocketchat": keyText, "zulip": keyText, "hookshot": keyText,
	"teams": func(data []byte) (string, error) {
		var got struct {
			Attachments []struct {
				Content struct {
					Body []struct {
						Text string `json:"text"`
					} `json:"body"`
				} `json:"content"`
			} `json:"attachments"`
		}

		if err := json.Unmarshal(data, &got); err != nil {
			return "", err
		}

		if len(got.Attachments) != 1 || len(got.Attachments[0].Content.Body) != 1 {
			return "", fmt.Errorf("no card of one block")
		}

		return got.Attachments[0].Content.Body[0].Text, nil
	},
}

func keyText(data []byte) (string, error) {
	var got struct {
		Text string `json:"text"`
	}
	err := json.Unmarshal(data, &got)

	return got.Text, err
}

func strict(data []byte, into any) error {
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()

	return decoder.Decode(into)
}

// reading is what a parser makes of a text.
type reading struct {
	Text  string   `json:"text"`
	Found []string `json:"found"`
}

// oracle is a running testdata/oracle.js. It is safe for concurrent use.
type oracle struct {
	mu  sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

// startOracle runs the parsers until the test ends. Without Node.js, there is
// none, and what the doubles see must do.
func startOracle(t testing.TB) *oracle {
	t.Helper()

	modules, err := tools.Parsers(t.Context())
	if tools.LeavesOut(err) {
		t.Logf("left out, the parsers: %v", err)
		return nil
	}

	tools.Check(t, err)

	script, err := filepath.Abs("testdata/oracle.js")
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, "node", script, filepath.Dir(modules))
	command.Stderr = os.Stderr

	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}

	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		cancel()

		_ = command.Wait() // killed
	})

	return &oracle{in: in, out: bufio.NewReader(out)}
}

// reads tells whether there is a parser for a service.
func (o *oracle) reads(service string) bool { return o != nil && texts[service] != nil }

func (o *oracle) read(service, text string) (reading, error) {
	o.mu.Lock()
	defer o.mu.Unlock()

	question, err := json.Marshal(map[string]string{"service": service, "text": text})
	if err != nil {
		return reading{}, err
	}

	if _, err := o.in.Write(append(question, '\n')); err != nil {
		return reading{}, err
	}

	line, err := o.out.ReadBytes('\n')
	if err != nil {
		return reading{}, fmt.Errorf("the parsers are gone: %w", err)
	}

	var got reading
	err = json.Unmarshal(line, &got)

	return got, err
}

// formatsOf are those of the plugin but for auto.
func formatsOf(t testing.TB) []string {
	t.Helper()

	words := receiver.Formats()
	if len(words) == 0 || words[0] != "auto" {
		t.Fatalf("got: formats %q, want: auto first", words)
	}

	return words[1:]
}

// An oracle that sees nothing would call everything harmless.
func TestParsersSeeMarkup(t *testing.T) {
	o := startOracle(t)
	if o == nil {
		t.Skip("there are no parsers")
	}

	tests := []struct {
		service string
		text    string
		found   string
		read    string
	}{
		{service: "slack", text: "<!channel> &lt;x&gt; <https://evil.example|y>", found: "Command URL", read: " <x> y"},
		{service: "discord", text: `@everyone **b** \*x\* 🎉`, found: "everyone strong", read: " b *x* 🎉"},
		{service: "teams", text: `[x](https://evil.example) **b** \*c\* &amp; ` + "`d`", found: "link_open link_close strong_open strong_close code_inline", read: "x b *c* & d"},
		{service: "hookshot", text: `[x](//evil.example) **b** &lt;`, found: "link_open link_close strong_open strong_close", read: "x b <"},
		{service: "zulip", text: `![x](y) *b* &lt;`, found: "image em_open em_close", read: "x b <"},
		{service: "mattermost", text: `@all \*x\* **b** :smile:`, found: "at_mention strong", read: " *x* b :smile:"},
		{service: "rocketchat", text: `@all \*x\* *b* evil.com :smile:`, found: "MENTION_USER BOLD LINK", read: "all *x* b evil.com :smile:"},
	}

	for _, test := range tests {
		got, err := o.read(test.service, test.text)
		if err != nil {
			t.Fatal(err)
		}

		if found := strings.Join(got.Found, " "); found != test.found || got.Text != test.read {
			t.Errorf("%s: got: %q, reading %q, want: %q, reading %q", test.service, found, got.Text, test.found, test.read)
		}
	}
}
