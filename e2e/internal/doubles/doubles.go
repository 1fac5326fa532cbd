// Package doubles holds strict receivers as test doubles, one for each service
// that notices go to. A double refuses what the real service refuses, with its
// status and its error body, and tells of what it takes what people would see
// of it: the text without its markup, whom it would alert, what could be
// clicked.
//
// Each rule names its public source, or says "as observed" where there is
// none. Where a source leaves something open, the double takes the stricter
// reading. What matters of a refusal is its status, and the code where that is
// always 200; the words beside it are as users report them. Doubles know
// nothing of the plugin.
package doubles

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// maxBody is more than any service here reads.
const maxBody = 1 << 20

// Notice is what a service makes of a request that it took.
type Notice struct {
	Text  string   // what people read
	Pings []string // who is alerted by it: all, a user …
	Links []string // what can be clicked
	Marks []string // markup that took effect: bold, heading, image …
}

// Service is what is known of one.
type Service struct {
	Name string

	// URL is of the form that the service hands out to its users.
	URL string

	// Formats are those of the option format that it takes and shows as they
	// were meant; the first is its own.
	Formats []string

	// Own is a body that it takes and shows as Tim.
	Own string

	// Most is how long a text it shows, in the unit that it counts; without a
	// limit, what is long enough to see that there is none.
	Most int

	// Markup is what strangers must not get through.
	Markup Markup

	take func(request) reply
	busy reply // what it answers to one request too many; status 0: it never does
}

// Markup are words that have an effect where a service shows them, one of each
// kind that it has, and None for the others: "" is forgotten, and a fault.
type Markup struct {
	Ping string // alerts somebody
	Link string // can be clicked
	Mark string // changes how the text looks, or is a command
}

// None is what stands in Markup for a kind that a service does not have.
const None = "none"

// Harmless tells whether nothing but text came of it.
func (n Notice) Harmless() bool { return len(n.Pings)+len(n.Links)+len(n.Marks) == 0 }

// request is one whole request, its body read.
type request struct {
	method string
	path   string
	query  url.Values
	header http.Header
	media  string // of its body, without parameters
	body   []byte
}

// reply is what a service answers, and what it shows.
type reply struct {
	status int
	header map[string]string
	media  string
	body   string
	notice *Notice // nil: nobody sees anything
}

// services is the one table, in the order of the option format's words.
var services = []Service{
	slack, discord, discordForSlack, googleChat, teams, mattermost, rocketChat, telegram, gotify, ntfy,
	weCom, dingTalk, feishu, zulip, hookshot, homeAssistant, n8n,
}

// Services are all that there are doubles of.
func Services() []Service { return slices.Clone(services) }

// Find is the service of that name.
func Find(name string) (Service, error) {
	for _, s := range services {
		if s.Name == name {
			return s, nil
		}
	}

	return Service{}, fmt.Errorf("no double of %q", name)
}

// Target is the service's URL with another scheme and host, those of base,
// where a double of it is listening.
func (s Service) Target(base string) string {
	u, err := url.Parse(s.URL)
	if err != nil {
		panic(err) // a constant of this package
	}

	return base + u.RequestURI()
}

// GetsBusy tells whether the service knows an answer for too many requests.
func (s Service) GetsBusy() bool { return s.busy.status != 0 }

// Double stands for a service. It is safe for concurrent use.
type Double struct {
	Service

	mu      sync.Mutex
	busyFor int
	notices []Notice
	answers []int
	news    chan struct{} // closed and replaced at every answer
}

// New makes a double that has seen nothing yet.
func (s Service) New() *Double { return &Double{Service: s, news: make(chan struct{})} }

// Limit has the next n requests answered as one too many.
func (d *Double) Limit(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.busyFor = n
}

// Notices are what people have seen, in its order.
func (d *Double) Notices() []Notice {
	d.mu.Lock()
	defer d.mu.Unlock()

	return slices.Clone(d.notices)
}

// Statuses are those of all answers, in their order.
func (d *Double) Statuses() []int {
	d.mu.Lock()
	defer d.mu.Unlock()

	return slices.Clone(d.answers)
}

// Await waits until there were n answers, and returns their statuses.
func (d *Double) Await(ctx context.Context, n int) ([]int, error) {
	for {
		d.mu.Lock()
		answers, news := slices.Clone(d.answers), d.news
		d.mu.Unlock()

		if len(answers) >= n {
			return answers, nil
		}

		select {
		case <-news:
		case <-ctx.Done():
			return answers, fmt.Errorf("%s: %w: %d requests came, want %d", d.Name, ctx.Err(), len(answers), n)
		}
	}
}

// ServeHTTP answers as the service does.
func (d *Double) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, maxBody))
	if err != nil {
		return // not a whole request
	}

	media, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	answer := d.answer(request{
		method: req.Method,
		path:   req.URL.Path,
		query:  req.URL.Query(),
		header: req.Header,
		media:  media,
		body:   body,
	})

	for name, value := range answer.header {
		rw.Header().Set(name, value)
	}

	if answer.media != "" {
		rw.Header().Set("Content-Type", answer.media)
	}

	rw.WriteHeader(answer.status)
	_, _ = io.WriteString(rw, answer.body)
}

func (d *Double) answer(r request) reply {
	d.mu.Lock()
	defer d.mu.Unlock()

	answer := d.busy
	if d.busyFor > 0 && d.GetsBusy() {
		d.busyFor--
	} else {
		answer = d.take(r)
	}

	d.answers = append(d.answers, answer.status)
	if answer.notice != nil {
		d.notices = append(d.notices, *answer.notice)
	}

	close(d.news)
	d.news = make(chan struct{})

	return answer
}

// Read is what the service would show of one request to its URL, for tests
// that need no server. It says why nothing would be shown.
func (s Service) Read(t testing.TB, header http.Header, body []byte) (Notice, error) {
	t.Helper()

	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}

	media, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	answer := s.take(request{
		method: http.MethodPost,
		path:   u.Path,
		query:  u.Query(),
		header: header,
		media:  media,
		body:   body,
	})

	if answer.notice == nil {
		return Notice{}, fmt.Errorf("%s answers %d %s and shows nothing", s.Name, answer.status, answer.body)
	}

	return *answer.notice, nil
}

// says is an answer in JSON.
func says(status int, body string) reply {
	return reply{status: status, media: "application/json", body: body}
}

// showing is an answer in JSON to what people then see.
func showing(status int, body string, notice Notice) reply {
	answer := says(status, body)
	answer.notice = &notice

	return answer
}

// plainly is an answer in a word.
func plainly(status int, body string) reply {
	return reply{status: status, media: "text/plain; charset=utf-8", body: body}
}

func with(answer reply, name, value string) reply {
	answer.header = map[string]string{name: value}
	return answer
}

// isJSON tells whether the request says that its body is JSON.
func (r request) isJSON() bool { return r.media == "application/json" }

// object reads the body as one JSON object.
func (r request) object() (map[string]any, error) {
	var object map[string]any

	err := json.Unmarshal(r.body, &object)
	if err == nil && object == nil {
		err = fmt.Errorf("no object")
	}

	return object, err
}

// field is the string of that name. The second result tells whether it is one,
// or is not there at all.
func field(object map[string]any, name string) (string, bool) {
	value, there := object[name]
	if !there || value == nil {
		return "", true
	}

	s, ok := value.(string)

	return s, ok
}

// inner is the object of that name, nil without one.
func inner(object map[string]any, name string) map[string]any {
	value, _ := object[name].(map[string]any)
	return value
}

// characters are Unicode's code points.
func characters(s string) int { return len([]rune(s)) }

// units are those of UTF-16.
func units(s string) int {
	n := 0

	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}

	return n
}

func quote(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}

func cut(s string, most int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), most)])
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
