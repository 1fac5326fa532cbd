package config

// The kinds of values that options have: each function reads one and returns,
// as a text, what is wrong with it, or "".

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// reserved are the headers that the plugin or Go itself must set.
var reserved = []string{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature", "Content-Length", "Transfer-Encoding", "Connection"}

var (
	// headerName is a token (RFC 9110, section 5.6.2).
	headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
	// headerControl is what no header value may hold (section 5.5).
	headerControl = regexp.MustCompile(`[\x00-\x08\x0A-\x1F\x7F]`)
	// harmless is what may be repeated in an error.
	harmless = regexp.MustCompile(`^[A-Za-z0-9_. -]{0,24}$`)
	// days are the unit that Go's durations lack.
	days = regexp.MustCompile(`^(\d+)d(.*)$`)
)

// parseURL returns a URL that can be posted to, or what is wrong with it. It
// never quotes it: its path or query is the key.
func parseURL(address string) (*url.URL, string) {
	const want = "; it must look like https://host/path"
	if strings.ContainsAny(address, " \t\r\n") {
		return nil, "there is white space inside" + want
	}
	target, err := url.Parse(address)
	if err != nil {
		return nil, "this is no well-formed URL" + want
	}
	if target.Scheme != "http" && target.Scheme != "https" {
		return nil, "it does not begin with https:// or http://" + want
	}
	if target.Hostname() == "" {
		return nil, "the host is missing" + want
	}
	port := target.Port()
	if port != "" {
		number, err := strconv.Atoi(port)
		if err != nil || number < 1 || number > 65535 {
			return nil, "the port is none" + want
		}
	}
	target.Fragment = ""
	return target, ""
}

func parseMessage(text string) (*message.Template, string) {
	if strings.TrimSpace(text) == "" {
		text = defaultMessage
	}
	template, problem := parseTemplate(text, openwebui.Fields())
	return template, problem
}

// parseTemplate takes a text apart that may hold these placeholders.
func parseTemplate(text string, fields []string) (*message.Template, string) {
	template, unknown := message.Parse(text, fields)
	if len(unknown) == 0 {
		return template, ""
	}
	problem := fmt.Sprintf("{%s} is no placeholder; there are {%s}", strings.Join(unknown, "}, {"), strings.Join(fields, "}, {"))
	return nil, problem
}

// parseBody reads a template of a body, and looks whether it is JSON when its
// content type says so.
func parseBody(text, contentType string) (*message.Template, string) {
	fields := append([]string{receiver.MessageField}, openwebui.Fields()...)
	template, problem := parseTemplate(text, fields)
	if problem != "" {
		return nil, problem
	}
	// Values that need to stand in a string, and to be escaped there.
	values := map[string]string{}
	for _, field := range fields {
		values[field] = `"x\"`
	}
	whole, _ := message.Parse("{name}", fields)
	sample := receiver.Custom(receiver.Choose(receiver.Auto, &url.URL{}), template, contentType, whole, values)
	if receiver.Malformed(contentType, sample.Data) {
		return nil, "it is no JSON, as contentType says it is; placeholders go between quotes, such as {\"text\":\"{message}\"}"
	}
	return template, ""
}

func checkContentType(contentType string) string {
	_, _, err := mime.ParseMediaType(contentType)
	if err != nil || headerControl.MatchString(contentType) || !strings.Contains(contentType, "/") {
		return shown(contentType) + " is no media type; it must look like application/json or text/plain; charset=utf-8"
	}
	return ""
}

func parseHeaders(headers map[string]string) (http.Header, string) {
	checked := http.Header{}
	for _, name := range sortedNames(headers) {
		value := strings.TrimSpace(headers[name])
		key := http.CanonicalHeaderKey(name)
		if !headerName.MatchString(name) {
			return nil, badName(name)
		}
		if message.Contains(reserved, key) {
			return nil, name + " is set by the plugin itself; leave it out"
		}
		if headerControl.MatchString(value) {
			return nil, "the value of " + name + " holds a line break or another control character"
		}
		if checked[key] != nil {
			return nil, name + " is there twice; names are the same in upper and lower case"
		}
		checked.Set(key, value)
	}
	return checked, ""
}

// badName says where a header's name ends. The rest is not shown: whoever
// pastes a whole line there shows its value, too.
func badName(name string) string {
	end := 0
	for end < len(name) && headerName.MatchString(name[end:end+1]) {
		end++
	}
	return fmt.Sprintf("behind %q stands what no header's name may have; the value goes behind a colon of its own", name[:end])
}

// shown quotes what was written in an option, unless it might be a secret in
// the wrong place.
func shown(text string) string {
	if harmless.MatchString(text) {
		return strconv.Quote(text)
	}
	return "this"
}

// parseSecret returns the key in a signing secret of Standard Webhooks: 24 to
// 64 bytes in base64 behind whsec_.
func parseSecret(secret string) ([]byte, string) {
	const want = "; it must be whsec_ and 24 to 64 bytes in base64"
	text := strings.TrimSpace(secret)
	coded := strings.TrimPrefix(text, "whsec_")
	if coded == text {
		return nil, "it does not begin with whsec_" + want
	}
	key, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		return nil, "what follows whsec_ is no base64" + want
	}
	if len(key) < 24 || len(key) > 64 {
		return nil, fmt.Sprintf("it holds %d bytes", len(key)) + want
	}
	return key, ""
}

// sortedNames makes the order of a map the same each time.
func sortedNames(headers map[string]string) []string {
	names := make([]string, 0, len(headers))
	for name := range headers {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// wantDuration ends what is said of a duration that is none.
const wantDuration = "; write a number and its unit, such as 10s, 5m, 72h or 7d"

// parseDuration reads Go's durations and days before them, such as 7d or
// 1d12h; they must be positive.
func parseDuration(text, preset string) (time.Duration, string) {
	total, problem := readDuration(text, preset)
	if problem == "" && total <= 0 {
		return 0, shown(strings.TrimSpace(text)) + " is not longer than nothing" + wantDuration
	}
	return total, problem
}

// parseLearnFor reads a duration that may be nothing.
func parseLearnFor(text string) (time.Duration, string) {
	total, problem := readDuration(text, defaultLearnFor)
	if problem == "" && total < 0 {
		return 0, shown(strings.TrimSpace(text)) + " is shorter than nothing" + wantDuration
	}
	return total, problem
}

// readDuration takes what is not set for its preset.
func readDuration(text, preset string) (time.Duration, string) {
	text = strings.TrimSpace(text)
	if text == "" {
		text = preset
	}
	var total time.Duration
	rest := text
	found := days.FindStringSubmatch(text)
	if found != nil {
		number, err := strconv.Atoi(found[1])
		if err != nil || number > 36500 {
			return 0, shown(text) + " is too long" + wantDuration
		}
		total = time.Duration(number) * 24 * time.Hour
		rest = found[2]
	}
	if found == nil || rest != "" {
		part, err := time.ParseDuration(rest)
		if err != nil {
			return 0, shown(text) + " is no duration" + wantDuration
		}
		total += part
	}
	return total, ""
}

// parseEvents reads the list of what is announced.
func parseEvents(list []string, stateDir string) ([]string, string) {
	if len(list) == 0 {
		return []string{openwebui.DefaultEvent}, ""
	}
	known := openwebui.Events()
	events := []string{}
	for _, word := range list {
		word = strings.TrimSpace(word)
		problem := oneOf(word, known)
		if problem == "" && message.Contains(events, word) {
			problem = shown(word) + " is there twice; there are " + strings.Join(known, ", ")
		}
		if problem != "" {
			return nil, problem
		}
		events = append(events, word)
	}
	if message.Contains(events, openwebui.FirstSeen) && stateDir == "" {
		return nil, openwebui.FirstSeen + " remembers accounts in files, so it needs stateDir, a folder on a volume"
	}
	return events, ""
}

// oneOf returns what is wrong with a word that should be one of a list.
func oneOf(word string, list []string) string {
	if message.Contains(list, word) {
		return ""
	}
	return shown(word) + " is none of " + strings.Join(list, ", ")
}
