package config

import (
	"encoding/json"
	"fmt"
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
	Format         string            // not looked at where Body is set
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
	bodyText       string        // of Body, as it was written
}

// Check reads Options, and the WEBHOOK_URL of the environment. It returns
// either settings, or problems, one line each, or neither where no webhook URL
// is set anywhere.
func Check(options *Options, environment string) (*Settings, []string) {
	s := &Settings{
		URLFile:        strings.TrimSpace(options.WebhookURLFile),
		Format:         strings.TrimSpace(options.Format),
		ContentType:    strings.TrimSpace(options.ContentType),
		AnswerContains: options.AnswerContains,
		SecretFile:     strings.TrimSpace(options.SecretFile),
		StateDir:       strings.TrimSpace(options.StateDir),
	}
	problems := []string{}

	option := "webhookURL"
	address := strings.TrimSpace(options.WebhookURL)
	if address != "" && s.URLFile != "" {
		problems = append(problems, "webhookURL and webhookURLFile are both set; keep one of them")
	}
	if address == "" && s.URLFile == "" {
		option = "WEBHOOK_URL (environment)"
		address = strings.TrimSpace(environment)
	}
	if address != "" {
		target, problem := parseURL(address)
		s.URL = target
		problems = appendProblem(problems, option, problem)
	}

	text, problem := parseMessage(options.Message)
	s.Text = text
	problems = appendProblem(problems, "message", problem)

	if s.Format == "" {
		s.Format = defaultFormat
	}
	noFormat := oneOf(s.Format, receiver.Formats())
	problems = appendProblem(problems, "format", noFormat)

	header, problem := parseHeaders(options.Headers)
	s.Header = header
	problems = appendProblem(problems, "headers", problem)

	problems = s.readBody(options.Body, problems)
	if noFormat != "" {
		s.Format = receiver.Auto // so that what the URL lacks is said at the same time
	}
	if s.URL != nil {
		problems = appendProblem(problems, option, s.lackingIn(s.URL))
	}

	if options.Secret != "" && s.SecretFile != "" {
		problems = append(problems, "secret and secretFile are both set; keep one of them")
	}
	if options.Secret != "" {
		key, problem := parseSecret(options.Secret)
		s.Secret = key
		problems = appendProblem(problems, "secret", problem)
	}

	timeout, problem := parseDuration(options.Timeout, defaultTimeout)
	s.Timeout = timeout
	problems = appendProblem(problems, "timeout", problem)

	retryFor, problem := parseDuration(options.RetryFor, DefaultRetryFor.String())
	s.RetryFor = retryFor
	problems = appendProblem(problems, "retryFor", problem)

	events, problem := parseEvents(options.Events, s.StateDir)
	s.Events = events
	problems = appendProblem(problems, "events", problem)

	learnFor, problem := parseLearnFor(options.LearnFor)
	s.LearnFor = learnFor
	problems = appendProblem(problems, "learnFor", problem)

	if len(problems) > 0 {
		return nil, problems
	}
	if s.URL == nil && s.URLFile == "" {
		return nil, nil
	}
	s.Unknown = unknownKeys(options.Unknown)
	s.Fingerprint = fingerprint(options, address, s.Unknown)
	return s, nil
}

// Watches tells whether an event is among those that are announced.
func (s *Settings) Watches(event string) bool {
	return message.Contains(s.Events, event)
}

// readBody reads the options of a body of the user's own, when format and
// headers have been read.
func (s *Settings) readBody(text string, problems []string) []string {
	if s.ContentType == "" {
		s.ContentType = defaultContentType
	}
	if strings.TrimSpace(text) == "" {
		if s.ContentType != defaultContentType {
			problems = append(problems, "contentType: it says what the option body is, which is not set; set body, or a Content-Type in headers")
		}
		return problems
	}
	s.bodyText = text
	if s.Format != defaultFormat {
		problems = append(problems, "body and format are both set; keep one of them")
	}
	if s.Header.Get("Content-Type") != "" {
		problems = append(problems, "contentType: with body, set the type here instead of Content-Type in headers")
	}
	problems = appendProblem(problems, "contentType", checkContentType(s.ContentType))
	body, problem := parseBody(text, s.ContentType)
	s.Body = body
	return appendProblem(problems, "body", problem)
}

// lackingIn says what a URL lacks for its format or body.
func (s *Settings) lackingIn(target *url.URL) string {
	return receiver.Missing(s.Format, s.bodyText, target)
}

// Uses lists the placeholders whose values a notice needs.
func (s *Settings) Uses() []string {
	fields := s.Text.Uses()
	more := receiver.Needs(s.Format)
	if s.Body != nil {
		more = s.Body.Uses()
	}
	if s.Body != nil && oneOf(receiver.MessageField, more) != "" {
		fields = []string{} // the message stands nowhere
	}
	for _, field := range more {
		if field != receiver.MessageField && oneOf(field, fields) != "" {
			fields = append(fields, field)
		}
	}
	return fields
}

// appendProblem adds a problem under its option's name, if there is one.
func appendProblem(problems []string, option, problem string) []string {
	if problem == "" {
		return problems
	}
	return append(problems, option+": "+problem)
}

// Explain is the text of the error of New.
func Explain(name string, problems []string) string {
	return fmt.Sprintf("signupwebhook: %s: %s", name, strings.Join(problems, "; "))
}

// fingerprint is equal for two configurations that say the same.
func fingerprint(options *Options, address string, unknown []string) string {
	// encoding/json sorts the keys of maps.
	data, _ := json.Marshal(map[string]interface{}{
		"url":            address,
		"file":           options.WebhookURLFile,
		"message":        options.Message,
		"format":         options.Format,
		"body":           options.Body,
		"contentType":    options.ContentType,
		"answerContains": options.AnswerContains,
		"headers":        options.Headers,
		"secret":         options.Secret,
		"secretFile":     options.SecretFile,
		"timeout":        options.Timeout,
		"retryFor":       options.RetryFor,
		"stateDir":       options.StateDir,
		"events":         options.Events,
		"learnFor":       options.LearnFor,
		"unknown":        unknown,
	})
	return string(data)
}
