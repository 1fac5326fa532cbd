// The standard library must behave as in the judge's own program, which the
// interpreter shares, and not as the plugin's go.mod would have it.
//
//go:debug default=go1.26

// Command judged answers the judge's questions with the compiled packages.
package main

import (
	"encoding/gob"
	"fmt"
	"os"

	"github.com/traefik-openwebui/signupwebhook"
	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/exchange"
	"github.com/traefik-openwebui/signupwebhook/internal/message"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
	"github.com/traefik-openwebui/signupwebhook/internal/seen"
	"github.com/traefik-openwebui/signupwebhook/internal/sender"
	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

type question struct {
	Package, Function string
	Args              []string
}

var packages = map[string]func(name string, args []string) string{
	"signupwebhook": signupwebhook.Judge,
	"config":        config.Judge,
	"delivery":      delivery.Judge,
	"exchange":      exchange.Judge,
	"message":       message.Judge,
	"openwebui":     openwebui.Judge,
	"outbox":        outbox.Judge,
	"receiver":      receiver.Judge,
	"schedule":      schedule.Judge,
	"seen":          seen.Judge,
	"sender":        sender.Judge,
	"tally":         tally.Judge,
}

func main() {
	var questions []question
	if err := gob.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]string, 0, len(questions))
	for _, q := range questions {
		answers = append(answers, ask(q))
	}
	if err := gob.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func ask(q question) (answer string) {
	defer func() {
		if r := recover(); r != nil {
			answer = fmt.Sprint("panic: ", r)
		}
	}()
	return packages[q.Package](q.Function, q.Args)
}
