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
		return fmt.Sprintf("%s %s %q", body.ContentType, body.UserAgent, body.Data)
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
		limit, _ := strconv.Atoi(args[0])
		return fit(args[1], limit)
	case "isSlack":
		return strconv.FormatBool(isSlack(args[0], args[1]))
	case "isDiscord":
		return strconv.FormatBool(isDiscord(args[0], args[1]))
	case "escape":
		for _, r := range rows {
			if r.format == args[0] {
				return r.escape(args[1])
			}
		}
		return plain.escape(args[1])
	}
	return "no function " + name
}

// judgeEncode takes a format, a URL, a template, a name and an e-mail.
func judgeEncode(args []string) Body {
	target, err := url.Parse(args[1])
	if err != nil {
		return Body{}
	}
	template, _ := message.Parse(args[2], []string{"name", "email"})
	fields := map[string]string{"name": args[3], "email": args[4]}
	return Encode(args[0], target, template, fields)
}
