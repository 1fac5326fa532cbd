package signupwebhook

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "check":
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
	case "distance":
		return strconv.Itoa(distance(args[0], args[1]))
	case "resembling":
		return resembling(args[0])
	case "webhookID":
		return webhookID(args[0], args[1])
	case "powerOfTwo":
		count, _ := strconv.Atoi(args[0])
		return strconv.FormatBool(powerOfTwo(count))
	}
	return "no function " + name
}

// judgeCheck takes each option in turn, the environment's URL, then pairs of
// headers, and in the end an unknown key.
func judgeCheck(args []string) string {
	config := CreateConfig()
	config.WebhookURL = args[0]
	config.WebhookURLFile = args[1]
	config.Message = args[2]
	config.Format = args[3]
	config.Timeout = args[4]
	config.Headers = map[string]string{args[6]: args[7], args[8]: args[9]}
	config.Unknown = map[string]interface{}{args[10]: 1}

	s, problems := check(config, args[5])
	told := explainProblems("judged", problems) + "\n"
	if s == nil {
		return told
	}
	if s.url != nil {
		told += s.url.String()
	}
	told += fmt.Sprintf(" %q %s %s %v %q\n", s.urlFile, s.format, s.timeout, s.header, s.unknown)
	values := map[string]string{"name": "N", "email": "E"}
	told += s.text.Render(values, strings.ToLower) + "\n"
	words := strings.Split(s.fingerprint, ",")
	sort.Strings(words)
	return told + strings.Join(words, ",")
}
