package config

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "Check":
		return judgeCheck(args)
	case "parseURL":
		target, problem := parseURL(args[0])
		if target == nil {
			return problem
		}
		return target.String() + " " + problem
	case "parseDuration":
		duration, problem := parseDuration(args[0], "10s")
		return duration.String() + " " + problem
	case "parseLearnFor":
		duration, problem := parseLearnFor(args[0])
		return duration.String() + " " + problem
	case "parseEvents":
		events, problem := parseEvents(strings.Split(args[0], ","), args[1])
		return fmt.Sprintf("%q %s", events, problem)
	case "distance":
		return strconv.Itoa(distance(args[0], args[1]))
	case "resembling":
		return resembling(args[0])
	case "parseSecret":
		key, problem := parseSecret(args[0])
		return fmt.Sprintf("%x %s", key, problem)
	}
	return "no function " + name
}

// judgeCheck takes each option in turn, the environment's URL, then pairs of
// headers, an unknown key, the options of the delivery, and the body.
func judgeCheck(args []string) string {
	options := Defaults()
	options.WebhookURL = args[0]
	options.WebhookURLFile = args[1]
	options.Message = args[2]
	options.Format = args[3]
	options.Timeout = args[4]
	options.Headers = map[string]string{args[6]: args[7], args[8]: args[9]}
	options.Unknown = map[string]interface{}{args[10]: 1}
	options.AnswerContains = args[11]
	options.Secret = args[12]
	options.SecretFile = args[13]
	options.RetryFor = args[14]
	options.StateDir = args[15]
	options.Body = args[16]
	options.ContentType = args[17]
	if args[18] != "" {
		options.Events = strings.Split(args[18], ",")
	}
	options.LearnFor = args[19]

	s, problems := Check(options, args[5])
	told := Explain("judged", problems) + "\n"
	if s == nil {
		return told
	}
	if s.URL != nil {
		told += s.URL.String()
	}
	told += fmt.Sprintf(" %q %s %s %v %q\n", s.URLFile, s.Format, s.Timeout, s.Header, s.Unknown)
	told += fmt.Sprintf("%q %x %t %q %s %q\n", s.AnswerContains, s.Secret, s.Secret == nil, s.SecretFile, s.RetryFor, s.StateDir)
	told += fmt.Sprintf("%q %s %t\n", s.Events, s.LearnFor, s.Watches("first-seen"))
	values := map[string]string{"name": "N", "email": "E"}
	told += message.Render(s.Text, values, strings.ToLower) + "\n"
	told += fmt.Sprintf("%t %s %q\n", s.Body == nil, s.ContentType, s.Uses)
	if s.Body != nil {
		told += message.Render(s.Body, values, strings.ToLower) + "\n"
	}
	words := strings.Split(s.Fingerprint, ",")
	sort.Strings(words)
	return told + strings.Join(words, ",")
}
