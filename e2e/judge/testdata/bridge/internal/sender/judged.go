package sender

import (
	"fmt"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	if name == "Request" {
		return judgeRequest(args)
	}
	return "no function " + name
}

// judgeRequest takes the options webhookURL, format, message, body,
// contentType, secret, and a name.
func judgeRequest(args []string) string {
	options := config.Defaults()
	options.WebhookURL = args[0]
	options.Format = args[1]
	options.Message = args[2]
	options.Body = args[3]
	options.ContentType = args[4]
	options.Secret = args[5]
	options.AnswerContains = "ok"
	used, problems := config.Check(options, "")
	if used == nil {
		return strings.Join(problems, "\n")
	}
	secrets, err := config.Read(used)
	if err != nil {
		return err.Error()
	}
	fields := map[string]string{"name": args[6], "event": "signup", "time": "now"}
	made := Request(used, secrets, "msg_1", fields, time.Unix(1767225600, 0))
	told := fmt.Sprintf("%s %v %q %s ", made.Target.String(), made.Header, made.Body, made.Timeout)
	return told + fmt.Sprint(made.Success.Contains, made.Success.Codes, made.Success.Slow, made.Success.Refused)
}
