// Command notify sends one notice the way the plugin does: with its options,
// its encoding, its request and its verdict. It prints what it recognised, what
// it sends, what came back, and what that means. It prints no secret.
//
//	go run -C cmd/notify . -url https://hooks.example/key -name Tim
//	go run -C cmd/notify . -config dynamic.yml -middleware notify -dry-run
//
// Its exit status is the verdict: see -h.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/sender"
)

// The exit statuses. 1 is left out: it is what `go run` says for each of them.
const (
	exitDelivered = 0
	exitInput     = 2 // as of Go's flags
	exitLater     = 3
	exitHold      = 4
	exitAside     = 5
)

func main() {
	os.Exit(run(os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run is the command without its process.
func run(args []string, getenv func(key string) string, stdout, stderr io.Writer) int {
	wanted, err := parseFlags(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDelivered
	}
	if err != nil {
		return refuse(stderr, err)
	}
	r := &report{out: stdout}
	ready, err := prepare(wanted, getenv, r)
	if err != nil {
		return refuse(stderr, err)
	}
	r.request(ready)
	if wanted.dryRun {
		r.line("verdict", "none: -dry-run sends nothing.")
		return exitDelivered
	}
	client := delivery.NewClient(nil)
	ear := &listener{transport: client.Transport}
	client.Transport = ear
	began := time.Now()
	outcome := delivery.Post(client, ready.request)
	return r.outcome(outcome, time.Since(began), ear.heard.String(), wanted.showAnswer)
}

// listener keeps the beginning of an answer, of which delivery tells the verdict
// alone.
type listener struct {
	transport http.RoundTripper
	heard     bytes.Buffer
}

// maxHeard is how many bytes of an answer are shown.
const maxHeard = 2000

func (l *listener) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := l.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	_, err = io.CopyN(&l.heard, res.Body, maxHeard)
	rest := res.Body
	if err != nil {
		rest = http.NoBody // that was all of it, or all that came
	}
	body := io.MultiReader(bytes.NewReader(l.heard.Bytes()), rest)
	res.Body = &listened{Reader: body, Closer: res.Body}
	return res, nil
}

// listened is an answer's body of which a part was read already.
type listened struct {
	io.Reader
	io.Closer
}

// refuse says what is wrong with the input, a line for each problem.
func refuse(stderr io.Writer, err error) int {
	for _, line := range strings.Split(err.Error(), "\n") {
		fmt.Fprintln(stderr, "notify:", line)
	}
	return exitInput
}

// notice is one that can be sent.
type notice struct {
	settings *config.Settings
	request  *delivery.Request
	showBody bool
}

// prepare reads the options and makes the request. Its error repeats no
// secret; it has a line for each problem.
func prepare(wanted *command, getenv func(key string) string, r *report) (*notice, error) {
	raw := &deployed{values: pluginConf{}}
	if wanted.config != "" {
		found, err := readConfig(wanted.config, wanted.middleware)
		if err != nil {
			return nil, err
		}
		raw = found
		r.line("options", fmt.Sprintf("middleware %s in %s, plugin %s", found.name, found.place, found.alias))
	}
	wanted.override(raw.values)
	problems := secretsOfKubernetes(raw)
	if len(problems) > 0 {
		return nil, errors.New(strings.Join(problems, "\n"))
	}
	options, err := decode(raw.values)
	if err != nil {
		return nil, err
	}
	ignored := strings.TrimPrefix(config.Ignored(options), "; ")
	if ignored != "" {
		r.line("note", ignored+"; the plugin ignores it.")
	}
	settings, problems := config.Check(options, getenv("WEBHOOK_URL"))
	if len(problems) > 0 {
		return nil, errors.New(strings.Join(problems, "\n"))
	}
	if settings == nil {
		return nil, errors.New("there is no webhook URL: set WEBHOOK_URL, or give -url, -url-file, or a -config that has one. (Where WEBHOOK_URL stands in the environment of Traefik alone, set it here too.)")
	}
	secrets, err := config.Read(settings)
	if err != nil {
		return nil, fmt.Errorf("%w\nSuch a file is read where this command runs; in Traefik's container it may be another", err)
	}
	fields, err := wanted.fields()
	if err != nil {
		return nil, err
	}
	// Without an id of the account it is random, so that no receiver takes
	// a second notice for the double of the first.
	id := delivery.WebhookID("notify", "")
	return &notice{
		settings: settings,
		request:  sender.Request(settings, secrets, id, fields, time.Now()),
		showBody: settings.Body == nil || wanted.showBody,
	}, nil
}

// fields are the placeholders' values, made as those of a sign-up are: from an
// answer of Open WebUI.
func (c *command) fields() (map[string]string, error) {
	if !slices.Contains(openwebui.Events(), c.event) {
		return nil, fmt.Errorf("-event: %q is none of %s", c.event, strings.Join(openwebui.Events(), ", "))
	}
	answer, err := json.Marshal(map[string]string{"id": c.id, "name": c.name, "email": c.email, "role": c.role})
	if err != nil {
		return nil, err
	}
	watched := openwebui.Watched([]string{openwebui.DefaultEvent})
	endpoint := openwebui.Reached(watched, "POST", &url.URL{Path: "/api/v1/auths/signup"})
	seen := &openwebui.Exchange{Status: 200, ContentType: "application/json", Answer: answer}
	event := openwebui.EventOf(endpoint, seen, openwebui.AccountOf(endpoint, seen), time.Now())
	event.Type = c.event
	return openwebui.Values(event, openwebui.Fields()), nil
}
