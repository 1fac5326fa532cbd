// Package config reads what Traefik's dynamic configuration says of the
// middleware. What is wrongly written becomes a problem in words, each with
// its option, that repeat no secret.
package config

// Options are the keys of the middleware in Traefik's dynamic configuration.
type Options struct {
	// WebhookURL is where notices go, http or https. Without it and
	// WebhookURLFile the environment's WEBHOOK_URL counts.
	WebhookURL string `json:"webhookURL,omitempty"`
	// WebhookURLFile is a file that holds the URL, read before each try.
	WebhookURLFile string `json:"webhookURLFile,omitempty"`
	// Message is the notice, with the placeholders {name}, {email}, {role},
	// {id}, {event} and {time}.
	Message string `json:"message,omitempty"`
	// Format is how the receiver wants it: auto goes by the URL.
	Format string `json:"format,omitempty"`
	// Body is a template of the request's body, with the same placeholders
	// and {message}, instead of a format.
	Body string `json:"body,omitempty"`
	// ContentType is what Body is. Where that is JSON, the values are escaped
	// for it.
	ContentType string `json:"contentType,omitempty"`
	// AnswerContains is a text that a 2xx answer must hold to count as a
	// delivery, for receivers that say 200 to everything.
	AnswerContains string `json:"answerContains,omitempty"`
	// Headers are further headers of the request, such as Authorization.
	Headers map[string]string `json:"headers,omitempty"`
	// Secret is a signing secret of Standard Webhooks, whsec_ and base64.
	Secret string `json:"secret,omitempty"`
	// SecretFile is a file that holds it, read before each try.
	SecretFile string `json:"secretFile,omitempty"`
	// Timeout bounds one try, from the connection to the end of the answer.
	Timeout string `json:"timeout,omitempty"`
	// RetryFor is how long after its acceptance a notice is tried before it
	// is given up; 72h without it.
	RetryFor string `json:"retryFor,omitempty"`
	// StateDir is a folder for what must survive a restart or a kill; a
	// relative path is one from Traefik's working directory. Without it,
	// notices wait in memory.
	StateDir string `json:"stateDir,omitempty"`
	// Events are what is announced, words of openwebui.Events; signup alone
	// without it.
	Events []string `json:"events,omitempty"`
	// LearnFor is how long, from its first start, first-seen remembers those
	// who sign in without a notice; 7d without it, 0s for nobody.
	LearnFor string `json:"learnFor,omitempty"`

	// Unknown receives the keys that are no options, which Traefik would
	// drop without a word.
	Unknown map[string]interface{} `json:"-" mapstructure:",remain"`
}

// Defaults are the options' defaults, where they are not empty.
func Defaults() *Options {
	return &Options{
		Message:     defaultMessage,
		Format:      defaultFormat,
		ContentType: defaultContentType,
		Timeout:     defaultTimeout,
	}
}
