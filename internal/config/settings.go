package config

// What a configuration comes to: the settings that the rest of the plugin works
// with, and what options are where they are not set.

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

const (
	defaultMessage = "Neuer Benutzer registriert: {name}"
	defaultFormat  = receiver.Auto
	// defaultContentType is what most receivers of bodies of one's own take.
	defaultContentType = "application/json"
	defaultTimeout     = "10s"
	// DefaultRetryFor is a weekend, and what is missed on its Monday.
	DefaultRetryFor = 72 * time.Hour
	defaultLearnFor = "7d"
)

// Settings are checked Options.
type Settings struct {
	URL            *url.URL // nil where URLFile is set
	URLFile        string
	Text           *message.Template
	Format         string            // auto where Body is set
	Body           *message.Template // nil for a format
	ContentType    string            // of Body
	AnswerContains string
	Header         http.Header
	Secret         []byte // the key; nil for none
	SecretFile     string
	Timeout        time.Duration
	RetryFor       time.Duration
	StateDir       string
	Events         []string      // at least one
	LearnFor       time.Duration // may be nothing
	Unknown        []string      // keys that are no options
	Fingerprint    string        // equal for equal options; holds secrets
	Uses           []string      // the placeholders whose values a notice needs, each once
	bodyText       string        // of Body, as it was written
	known          *Secrets      // what is known of them without a file
}

// Watches tells whether an event is among those that are announced.
func (s *Settings) Watches(event string) bool {
	return message.Contains(s.Events, event)
}

// lackingIn says what a URL lacks for its format or body.
func (s *Settings) lackingIn(target *url.URL) string {
	return receiver.Missing(s.Format, s.bodyText, target)
}

// uses lists the placeholders whose values a notice needs, each once.
func (s *Settings) uses() []string {
	fields := message.Uses(s.Text)
	more := receiver.Needs(s.Format)
	if s.Body != nil {
		more = message.Uses(s.Body)
	}
	if s.Body != nil && !message.Contains(more, receiver.MessageField) {
		fields = []string{} // the message stands nowhere
	}
	for _, field := range more {
		if field != receiver.MessageField && !message.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	return fields
}

// fingerprint is equal for two configurations that say the same. address is
// the URL that is used, which may be the environment's.
func fingerprint(options *Options, address string, unknown []string) string {
	said := *options
	said.WebhookURL = address
	data, _ := json.Marshal(said) // texts, and a map of them, whose keys it sorts
	return string(data) + strings.Join(unknown, ", ")
}
