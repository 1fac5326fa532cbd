package config

// The checks, one after the other, in the order in which their problems are
// listed: that of the options.

import (
	"fmt"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// check is one reading of Options: what they come to, and what is wrong.
type check struct {
	options  *Options
	settings *Settings
	address  string // of the webhook, as it was written; "" for none or a file's
	source   string // what holds the address, for people
	problems []string
}

// Check reads Options, and the WEBHOOK_URL of the environment. It returns
// either settings, or problems, one line each, or neither where no webhook URL
// is set anywhere. No problem repeats a secret.
func Check(options *Options, environment string) (*Settings, []string) {
	s := &Settings{}
	c := &check{options: options, settings: s}
	c.readURL(environment)
	c.readMessage()
	c.readFormat()
	c.readHeaders()
	c.readBody()
	c.checkReceiver()
	c.readSecret()
	c.readDurations()
	c.readEvents()
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	if s.URL == nil && s.URLFile == "" {
		return nil, nil
	}
	s.known = &Secrets{Target: s.URL, Key: s.Secret}
	if s.URL != nil {
		s.known.Service = receiver.Choose(s.Format, s.URL)
	}
	s.Uses = s.uses()
	s.AnswerContains = options.AnswerContains
	s.Unknown = unknownKeys(options.Unknown)
	s.Fingerprint = fingerprint(options, c.address, s.Unknown)
	return s, nil
}

// Explain is the text of the error of New.
func Explain(name string, problems []string) string {
	return fmt.Sprintf("signupwebhook: %s: %s", name, strings.Join(problems, "; "))
}

// problem notes what is wrong with an option; nothing for "".
func (c *check) problem(option, problem string) {
	if problem != "" {
		c.problems = append(c.problems, option+": "+problem)
	}
}

// both notes that two options are set of which one excludes the other.
func (c *check) both(one, other string) {
	c.problems = append(c.problems, one+" and "+other+" are both set; keep one of them")
}

func (c *check) readURL(environment string) {
	s := c.settings
	s.URLFile = strings.TrimSpace(c.options.WebhookURLFile)
	c.source = "webhookURL"
	c.address = strings.TrimSpace(c.options.WebhookURL)
	if c.address != "" && s.URLFile != "" {
		c.both("webhookURL", "webhookURLFile")
	}
	if c.address == "" && s.URLFile == "" {
		c.source = "WEBHOOK_URL (environment)"
		c.address = strings.TrimSpace(environment)
	}
	if c.address == "" {
		return
	}
	target, problem := parseURL(c.address)
	s.URL = target
	c.problem(c.source, problem)
}

func (c *check) readMessage() {
	text, problem := parseMessage(c.options.Message)
	c.settings.Text = text
	c.problem("message", problem)
}

func (c *check) readFormat() {
	s := c.settings
	s.Format = strings.TrimSpace(c.options.Format)
	if s.Format == "" {
		s.Format = defaultFormat
	}
	c.problem("format", oneOf(s.Format, receiver.Formats()))
}

func (c *check) readHeaders() {
	header, problem := parseHeaders(c.options.Headers)
	c.settings.Header = header
	c.problem("headers", problem)
}

// readBody reads the options of a body of the user's own. It is called when format
// and headers have been read.
func (c *check) readBody() {
	s := c.settings
	s.ContentType = strings.TrimSpace(c.options.ContentType)
	if s.ContentType == "" {
		s.ContentType = defaultContentType
	}
	if strings.TrimSpace(c.options.Body) == "" {
		if s.ContentType != defaultContentType {
			c.problem("contentType", "it says what the option body is, which is not set; set body, or a Content-Type in headers")
		}
		return
	}
	s.bodyText = c.options.Body
	if s.Format != defaultFormat {
		c.both("body", "format")
	}
	if s.Header.Get("Content-Type") != "" {
		c.problem("contentType", "with body, set the type here instead of Content-Type in headers")
	}
	c.problem("contentType", checkContentType(s.ContentType))
	body, problem := parseBody(s.bodyText, s.ContentType)
	s.Body = body
	c.problem("body", problem)
}

// checkReceiver looks whether the URL is whole for who is behind it. It is called
// when format and body have been read.
func (c *check) checkReceiver() {
	s := c.settings
	if !message.Contains(receiver.Formats(), s.Format) {
		s.Format = receiver.Auto // so that what the URL lacks is said at the same time
	}
	if s.URL != nil {
		c.problem(c.source, s.lackingIn(s.URL))
	}
}

func (c *check) readSecret() {
	s := c.settings
	s.SecretFile = strings.TrimSpace(c.options.SecretFile)
	if c.options.Secret == "" {
		return
	}
	if s.SecretFile != "" {
		c.both("secret", "secretFile")
	}
	key, problem := parseSecret(c.options.Secret)
	s.Secret = key
	c.problem("secret", problem)
}

func (c *check) readDurations() {
	timeout, problem := parseDuration(c.options.Timeout, defaultTimeout)
	c.settings.Timeout = timeout
	c.problem("timeout", problem)

	retryFor, problem := parseDuration(c.options.RetryFor, DefaultRetryFor.String())
	c.settings.RetryFor = retryFor
	c.problem("retryFor", problem)
}

// readEvents also reads the folder and the learning, which some events need.
func (c *check) readEvents() {
	s := c.settings
	s.StateDir = strings.TrimSpace(c.options.StateDir)
	events, problem := parseEvents(c.options.Events, s.StateDir)
	s.Events = events
	c.problem("events", problem)

	learnFor, problem := parseLearnFor(c.options.LearnFor)
	s.LearnFor = learnFor
	c.problem("learnFor", problem)
}
