// Package receiver knows the services that notices go to: how each is
// recognised by its URL, what body it takes, what its markup would make of a
// stranger's name, and how it says that it took a notice. It sends nothing.
package receiver

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// Auto is the word of the option format that goes by the URL.
const Auto = "auto"

// Body is a request's body, what says how to read it, and what its receiver
// answers beside a 2xx.
type Body struct {
	Data        []byte
	ContentType string
	UserAgent   string
	// Codes are gjson paths, of which the first that is in a 2xx answer must
	// be 0; without any, the 2xx itself is success.
	Codes []string
	// Slow are the values of that code which ask for fewer notices.
	Slow []int64
	// Refused is what to check after a 400 beside what is always checked.
	Refused string
}

// content is what a notice says, for the encoders.
type content struct {
	text   string            // the message, harmless and short enough
	target *url.URL          // where it goes
	fields map[string]string // the placeholders' values, as they are
}

// Formats lists the words of the option format.
func Formats() []string {
	words := []string{Auto, plain.format}
	for _, r := range rows {
		if !r.byURL {
			words = append(words, r.format)
		}
	}
	return words
}

// Word is the format that is meant for a URL: the word itself, or what auto
// recognises.
func Word(format string, target *url.URL) string {
	r := choose(format, target)
	return r.format
}

// Missing says what a URL lacks that its receiver cannot do without, or what it
// has too much; "" if nothing. body is the user's own template, which stands in
// the place of a format; "" for none. Nothing of either is repeated.
func Missing(format, body string, target *url.URL) string {
	if body != "" {
		format = Auto
	}
	r := choose(format, target)
	if r.missing == nil {
		return ""
	}
	return r.missing(target, body)
}

// Needs lists the placeholders whose values Encode reads in that format,
// beside those of the message.
func Needs(format string) []string {
	if format == jsonFormat {
		return jsonFields
	}
	return nil
}

// Service is who is behind a URL, and how to write to them.
type Service struct {
	target  *url.URL
	written *row // of the format
	behind  *row // of the URL
}

// Choose finds the service for a URL. format is one of Formats. It takes the
// interpreter longer than to encode a notice, so it is done once for many.
func Choose(format string, target *url.URL) *Service {
	s := &Service{target: target, written: choose(format, target)}
	s.behind = s.written
	if format != Auto {
		s.behind = choose(Auto, target)
	}
	return s
}

// Encode writes a notice the way its receiver takes it.
func Encode(to *Service, text *message.Template, fields map[string]string) Body {
	r := to.written
	rendered := render(text, fields, r.escape)
	rendered = fit(rendered, r.limit, r.cost)
	data := r.encode(&content{text: rendered, target: to.target, fields: fields})
	return finished(data, r.mediaType, r, to.behind)
}

// Custom writes a notice by the user's own template, whose placeholders are
// those of the message and {message}. Their values are escaped as JSON where
// the content type is JSON, else they stand as they are.
func Custom(to *Service, body *message.Template, contentType string, text *message.Template, fields map[string]string) Body {
	values := map[string]string{}
	for field, value := range fields {
		values[field] = value
	}
	values[MessageField] = render(text, fields, asIs)
	escape := asIs
	if isJSON(contentType) {
		escape = escapeJSON
	}
	data := []byte(message.Render(body, values, escape))
	return finished(data, contentType, &plain, to.behind)
}

// render is the message; where there is nothing to see in it, what stands for a
// name too, since many refuse an empty one for ever.
func render(text *message.Template, fields map[string]string, escape func(string) string) string {
	rendered := message.Render(text, fields, escape)
	if message.Blank(rendered) {
		return escape(message.Unknown)
	}
	return rendered
}

// finished adds what goes by the service behind the URL, whatever the body.
func finished(data []byte, contentType string, r, service *row) Body {
	body := Body{Data: data, ContentType: contentType, UserAgent: userAgent, Codes: r.codes, Slow: r.slow, Refused: r.refused}
	if r.codes == nil {
		body.Codes = service.codes
		body.Slow = service.slow
	}
	if r.refused == "" {
		body.Refused = service.refused
	}
	if r.agent != "" {
		body.UserAgent = r.agent
	}
	if service.agent != "" {
		body.UserAgent = service.agent
	}
	return body
}

// slashes are what people double or leave at a path's end.
var slashes = regexp.MustCompile(`/+`)

// choose finds the row of a format. One that recognises the URL goes before
// one that has the word alone. More slashes than a service hands out, and the
// dot that may end a host, make no other service of it. The rows are not
// copied, which costs the interpreter more than all the rest.
func choose(format string, target *url.URL) *row {
	host := strings.TrimSuffix(strings.ToLower(target.Hostname()), ".")
	path := slashes.ReplaceAllString(target.Path, "/")
	tidy := &url.URL{Path: strings.TrimSuffix(path, "/"), RawQuery: target.RawQuery}
	for i := range rows {
		if (format == Auto || format == rows[i].format) && rows[i].recognises(host, tidy) {
			return &rows[i]
		}
	}
	for i := range rows {
		if format == rows[i].format && !rows[i].byURL {
			return &rows[i]
		}
	}
	return &plain
}

func never(_ string, _ *url.URL) bool { return false }
