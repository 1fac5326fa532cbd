package main

// What the command prints.

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// report writes for people what happens. Of the URL it shows scheme and host,
// of the headers that are the user's their names.
type report struct {
	out io.Writer
}

func (r *report) line(label, text string) {
	fmt.Fprintf(r.out, "%-9s %s\n", label, text)
}

// request shows what will be sent.
func (r *report) request(n *notice) {
	target := n.request.Target
	r.line("receiver", recognised(n.settings, target))
	r.line("request", fmt.Sprintf("POST %s://%s (path and query are the key, and not shown)", target.Scheme, target.Host))
	through := proxyOf(target)
	if through != "" {
		r.line("", "through the proxy "+through)
	}
	for _, name := range headerNames(n.request.Header) {
		value := n.request.Header.Get(name)
		if n.settings.Header.Get(name) != "" || name == "Webhook-Signature" {
			value = "(not shown)"
		}
		r.line("", name+": "+printable(value))
	}
	if !n.showBody {
		r.line("body", fmt.Sprintf("%d bytes (the option body may hold keys; -show-body prints them)", len(n.request.Body)))
		return
	}
	r.line("body", printable(string(n.request.Body)))
}

// recognised says who the receiver is and why.
func recognised(settings *config.Settings, target *url.URL) string {
	if settings.Body != nil {
		return "by the option body"
	}
	word := receiver.Word(settings.Format, target)
	switch {
	case settings.Format != receiver.Auto:
		return word + ", by the option format"
	case word == "text":
		return "text, because no service is recognised by the URL; the option format names one"
	}
	return word + ", recognised by the URL"
}

// proxyOf is the proxy that the environment has for a URL, without its user.
func proxyOf(target *url.URL) string {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: target})
	if err != nil || proxy == nil {
		return ""
	}
	return proxy.Scheme + "://" + proxy.Host
}

func headerNames(header http.Header) []string {
	names := []string{}
	for name := range header {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// printable keeps a terminal from taking orders out of a text.
func printable(text string) string {
	if !utf8.ValidString(text) {
		return fmt.Sprintf("(%d bytes that are no UTF-8)", len(text))
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// verdicts say for each what the exit status is and what the plugin would do.
var verdicts = map[delivery.Verdict]struct {
	word   string
	status int
	next   string
}{
	delivery.Delivered: {"delivered", exitDelivered, "The receiver took it. If it does not appear there: does the option format fit, and does the receiver say 2xx to everything (the option answerContains looks into its answer)?"},
	delivery.Later:     {"later", exitLater, "In Traefik it would be tried again after 1 s, doubling to 5 min, or when the receiver asks for it."},
	delivery.Hold:      {"hold", exitHold, "In Traefik everything to this receiver would wait; it would be tried again after about 5 s, 30 s, 2 min, 10 min and then hourly, and at once when the configuration changes."},
	delivery.Aside:     {"aside", exitAside, "In Traefik this notice would step aside for the others, and be tried again after about 10 s, 1 min, 10 min, 1 h and then every 6 h."},
}

// outcome shows the answer and what it means, and gives the exit status. heard is
// the beginning of the answer's text, which is shown to whoever asks for it.
func (r *report) outcome(outcome *delivery.Outcome, took time.Duration, heard string, showAnswer bool) int {
	verdict := verdicts[outcome.Verdict]
	answer := "none"
	if outcome.Status != 0 {
		answer = strings.TrimSpace(fmt.Sprintf("%d %s", outcome.Status, http.StatusText(outcome.Status)))
	}
	r.line("answer", fmt.Sprintf("%s, after %s", answer, took.Round(time.Millisecond)))
	switch {
	case heard == "":
	case showAnswer:
		r.line("", printable(heard))
	default:
		r.line("", "(with a text, which -show-answer prints: it may repeat the key)")
	}
	r.line("verdict", verdict.word)
	if outcome.Reason != "" {
		r.line("meaning", outcome.Reason)
	}
	if outcome.Wait > 0 {
		r.line("", fmt.Sprintf("The receiver asks to wait %s.", outcome.Wait))
	}
	if outcome.Unanswered {
		r.line("", "The request went out whole, so it may have arrived: does the receiver lack an answer, such as a flow without a response node?")
	}
	r.line("", verdict.next)
	return verdict.status
}
