package receivers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/doubles"
	"github.com/traefik-openwebui/signupwebhook/internal/message"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

const greeting = "Neuer Benutzer registriert: {name}"

// fieldNames are the message's placeholders.
var fieldNames = []string{"name", "email", "role", "id", "event", "time"}

// addresses are what Open WebUI takes for one.
var addresses = regexp.MustCompile(`^[^@]+@[^@]+\.[^@]+$`)

// fieldsOf are an event's, cleaned as they are when it is made: of somebody with
// that name, and with that address, if it can be one.
func fieldsOf(name string) map[string]string {
	email := "tim@example.org"
	if addresses.MatchString(name) {
		email = message.Clean(name)
	}

	return map[string]string{
		"name":  message.Clean(name),
		"email": email,
		"role":  "pending",
		"id":    "0c0ffee0-0000-4000-8000-000000000001",
		"event": "signup",
		"time":  "2026-03-01T12:00:00Z",
	}
}

// parse takes a message apart, whose placeholders are all known.
func parse(t testing.TB, text string) *message.Template {
	t.Helper()

	template, unknown := message.Parse(text, fieldNames)
	if len(unknown) > 0 {
		t.Fatalf("unknown in %q: %q", text, unknown)
	}

	return template
}

func encode(t testing.TB, format string, service doubles.Service, text string, fields map[string]string) receiver.Body {
	t.Helper()

	target, err := url.Parse(service.URL)
	if err != nil {
		t.Fatal(err)
	}

	return receiver.Encode(receiver.Choose(format, target), parse(t, text), fields)
}

func headerOf(body receiver.Body) http.Header {
	return http.Header{"Content-Type": {body.ContentType}, "User-Agent": {body.UserAgent}}
}

// same undoes what looks the same: zero-width spaces, which part markup from
// the words that it would mark, and the letters that Google Chat, and those
// that take Slack's body, get for characters from which nothing else would take
// the meaning. A name that has them itself is no worse without.
func same(text string) string { return lookalikes.Replace(text) }

var lookalikes = strings.NewReplacer("\u200b", "", "\u02cb", "`", "\u2217", "*", "\u02cd", "_", "\u223c", "~")

// meant is the message that people are to read: `://` is broken, so that it
// makes no link.
func meant(t testing.TB, text string, fields map[string]string) string {
	t.Helper()

	return same(message.Render(parse(t, text), fields, func(field string) string {
		return strings.ReplaceAll(field, "://", ": //")
	}))
}

func find(t testing.TB, name string) doubles.Service {
	t.Helper()

	service, err := doubles.Find(name)
	if err != nil {
		t.Fatal(err)
	}

	return service
}
