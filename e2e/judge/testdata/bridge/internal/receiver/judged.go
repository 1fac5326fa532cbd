package receiver

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "Formats":
		return fmt.Sprintf("%q", Formats())
	case "Encode":
		body := judgeEncode(args)
		return fmt.Sprintf("%s %s %q %v %v", body.ContentType, body.UserAgent, body.Data, body.Codes, body.Slow)
	case "Encode.Data":
		body := judgeEncode(args)
		return string(body.Data)
	case "choose":
		target, err := url.Parse(args[1])
		if err != nil {
			return "no URL"
		}
		chosen := choose(args[0], target)
		return chosen.format
	case "fit":
		limit, _ := strconv.Atoi(args[1])
		return fit(args[2], limit, judgedCost(args[0]))
	case "recognises":
		return judgeRecognises(args)
	case "Missing":
		target, err := url.Parse(args[2])
		if err != nil {
			return "no URL"
		}
		return Missing(args[0], args[1], target) + " " + Word(args[0], target)
	case "Needs":
		return fmt.Sprintf("%q", Needs(args[0]))
	case "Custom":
		return judgeCustom(args)
	case "Malformed":
		return fmt.Sprint(isJSON(args[0]), Malformed(args[0], []byte(args[1])))
	case "escape":
		chosen := judgedRow(args[0])
		return chosen.escape(args[1])
	}
	return "no function " + name
}

// judgedRow is the last row of a format.
func judgedRow(format string) row {
	found := plain
	for _, r := range rows {
		if r.format == format {
			found = r
		}
	}
	return found
}

// judgedCost is the unit of a format's limit; characters where it has none.
func judgedCost(format string) func(r rune) int {
	chosen := judgedRow(format)
	if chosen.cost == nil {
		return func(r rune) int { return oneCharacter(r) }
	}
	return chosen.cost
}

// judgeRecognises asks all rows whether a URL is theirs.
func judgeRecognises(args []string) string {
	target := &url.URL{Host: args[0], Path: args[1], RawQuery: args[2]}
	told := ""
	for _, r := range rows {
		told += strconv.FormatBool(r.recognises(args[0], target)) + " "
	}
	return told
}

// judgeCustom takes a body, its content type, a URL, a message and a name.
func judgeCustom(args []string) string {
	target, err := url.Parse(args[2])
	if err != nil {
		return "no URL"
	}
	fields := []string{"name", "email", MessageField}
	body, _ := message.Parse(args[0], fields)
	text, _ := message.Parse(args[3], fields[:2])
	made := Custom(Choose(Auto, target), body, args[1], text, map[string]string{"name": args[4]})
	return fmt.Sprintf("%s %s %q %v %v", made.ContentType, made.UserAgent, made.Data, made.Codes, made.Slow)
}

// judgeEncode takes a format, a URL, a template, a name and an e-mail.
func judgeEncode(args []string) Body {
	target, err := url.Parse(args[1])
	if err != nil {
		return Body{}
	}
	template, _ := message.Parse(args[2], []string{"name", "email"})
	fields := map[string]string{"name": args[3], "email": args[4]}
	return Encode(Choose(args[0], target), template, fields)
}
