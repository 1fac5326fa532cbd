package signupwebhook

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
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

const (
	defaultMessage = "Neuer Benutzer registriert: {name}"
	defaultFormat  = "auto"
	defaultTimeout = "10s"
	// defaultRetryFor is a weekend, and what is missed on its Monday.
	defaultRetryFor = 72 * time.Hour
)

// options are the keys of Config, for whoever misspells one.
var options = []string{
	"webhookURL", "webhookURLFile", "message", "format", "answerContains", "headers",
	"secret", "secretFile", "timeout", "retryFor", "stateDir",
}

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

// settings are a checked Config.
type settings struct {
	url            *url.URL // nil where urlFile is set
	urlFile        string
	text           *message.Template
	format         string
	answerContains string
	header         http.Header
	secret         []byte // the key; nil for none
	secretFile     string
	timeout        time.Duration
	retryFor       time.Duration
	stateDir       string
	unknown        []string // keys that are no options
	fingerprint    string   // equal for equal options; holds secrets
}

// check reads a Config. It returns either settings, or problems, one line
// each, or neither where no webhook URL is set anywhere.
func check(config *Config, environment string) (*settings, []string) {
	s := &settings{
		urlFile:        strings.TrimSpace(config.WebhookURLFile),
		format:         config.Format,
		answerContains: config.AnswerContains,
		secretFile:     strings.TrimSpace(config.SecretFile),
		stateDir:       strings.TrimSpace(config.StateDir),
	}
	problems := []string{}

	option := "webhookURL"
	address := strings.TrimSpace(config.WebhookURL)
	if address != "" && s.urlFile != "" {
		problems = append(problems, "webhookURL and webhookURLFile are both set; keep one of them")
	}
	if address == "" && s.urlFile == "" {
		option = "WEBHOOK_URL (environment)"
		address = strings.TrimSpace(environment)
	}
	if address != "" {
		target, problem := parseURL(address)
		s.url = target
		problems = appendProblem(problems, option, problem)
	}

	text, problem := parseMessage(config.Message)
	s.text = text
	problems = appendProblem(problems, "message", problem)

	if s.format == "" {
		s.format = defaultFormat
	}
	problems = appendProblem(problems, "format", oneOf(s.format, receiver.Formats()))

	header, problem := parseHeaders(config.Headers)
	s.header = header
	problems = appendProblem(problems, "headers", problem)

	if config.Secret != "" && s.secretFile != "" {
		problems = append(problems, "secret and secretFile are both set; keep one of them")
	}
	if config.Secret != "" {
		key, problem := parseSecret(config.Secret)
		s.secret = key
		problems = appendProblem(problems, "secret", problem)
	}

	timeout, problem := parseDuration(config.Timeout, defaultTimeout)
	s.timeout = timeout
	problems = appendProblem(problems, "timeout", problem)

	retryFor, problem := parseDuration(config.RetryFor, defaultRetryFor.String())
	s.retryFor = retryFor
	problems = appendProblem(problems, "retryFor", problem)

	if len(problems) > 0 {
		return nil, problems
	}
	if s.url == nil && s.urlFile == "" {
		return nil, nil
	}
	s.unknown = unknownKeys(config.Unknown)
	s.fingerprint = fingerprint(config, address, s.unknown)
	return s, nil
}

// appendProblem adds a problem under its option's name, if there is one.
func appendProblem(problems []string, option, problem string) []string {
	if problem == "" {
		return problems
	}
	return append(problems, option+": "+problem)
}

// explainProblems is the text of the error of New.
func explainProblems(name string, problems []string) string {
	return fmt.Sprintf("signupwebhook: %s: %s", name, strings.Join(problems, "; "))
}

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
	template, unknown := message.Parse(text, openwebui.Fields())
	if len(unknown) == 0 {
		return template, ""
	}
	problem := fmt.Sprintf("{%s} is no placeholder; there are {%s}", strings.Join(unknown, "}, {"), strings.Join(openwebui.Fields(), "}, {"))
	return nil, problem
}

func parseHeaders(headers map[string]string) (http.Header, string) {
	checked := http.Header{}
	for _, name := range sortedNames(headers) {
		value := strings.TrimSpace(headers[name])
		key := http.CanonicalHeaderKey(name)
		if !headerName.MatchString(name) {
			return nil, badName(name)
		}
		if oneOf(key, reserved) == "" {
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

// parseDuration reads Go's durations and days before them, such as 7d or
// 1d12h; they must be positive.
func parseDuration(text, preset string) (time.Duration, string) {
	const want = "; write a number and its unit, such as 10s, 5m, 72h or 7d"
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
			return 0, shown(text) + " is too long" + want
		}
		total = time.Duration(number) * 24 * time.Hour
		rest = found[2]
	}
	if found == nil || rest != "" {
		part, err := time.ParseDuration(rest)
		if err != nil {
			return 0, shown(text) + " is no duration" + want
		}
		total += part
	}
	if total <= 0 {
		return 0, shown(text) + " is not longer than nothing" + want
	}
	return total, ""
}

// oneOf returns what is wrong with a word that should be one of a list.
func oneOf(word string, list []string) string {
	for _, have := range list {
		if have == word {
			return ""
		}
	}
	return shown(word) + " is none of " + strings.Join(list, ", ")
}

// unknownKeys describes each key that is no option, with the option that it
// resembles.
func unknownKeys(unknown map[string]interface{}) []string {
	lines := make([]string, 0, len(unknown))
	for key := range unknown {
		line := shown(key)
		like := resembling(key)
		if like != "" {
			line = line + " (did you mean " + like + "?)"
		}
		lines = append(lines, line)
	}
	sort.Strings(lines)
	return lines
}

// ignored names the keys that are no options, for the end of a line.
func ignored(config *Config) string {
	unknown := unknownKeys(config.Unknown)
	if len(unknown) == 0 {
		return ""
	}
	return "; no option has the name " + strings.Join(unknown, ", ")
}

// resembling is the option nearest to a key, if it is near at all.
func resembling(key string) string {
	best := ""
	least := 4 // edits; from there on it is another word
	for _, option := range options {
		edits := distance(fold(key), fold(option))
		if edits < least {
			best = option
			least = edits
		}
	}
	return best
}

// fold takes away what people vary in a key's spelling.
func fold(key string) string {
	key = strings.ReplaceAll(key, "-", "")
	key = strings.ReplaceAll(key, "_", "")
	return strings.ToLower(key)
}

// distance is Levenshtein's: how many letters to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			if row[j]+1 < cost {
				cost = row[j] + 1
			}
			if row[j-1]+1 < cost {
				cost = row[j-1] + 1
			}
			row[j] = cost
		}
	}
	return row[len(b)]
}

// fingerprint is equal for two configurations that say the same.
func fingerprint(config *Config, address string, unknown []string) string {
	// encoding/json sorts the keys of maps.
	data, _ := json.Marshal(map[string]interface{}{
		"url":            address,
		"file":           config.WebhookURLFile,
		"message":        config.Message,
		"format":         config.Format,
		"answerContains": config.AnswerContains,
		"headers":        config.Headers,
		"secret":         config.Secret,
		"secretFile":     config.SecretFile,
		"timeout":        config.Timeout,
		"retryFor":       config.RetryFor,
		"stateDir":       config.StateDir,
		"unknown":        unknown,
	})
	return string(data)
}
