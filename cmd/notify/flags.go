package main

// The flags, and what is wrong with them.

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
)

const help = `notify sends one notice with the plugin's own code.

  go run -C cmd/notify . -url https://hooks.example/key [-name Tim] [-dry-run]
  go run -C cmd/notify . -config dynamic.yml -middleware notify

The options come from -config: a dynamic configuration file of Traefik (.yml,
.yaml, .toml), a manifest of Kubernetes, or a compose file with labels. Flags go
before it; without a URL in either, WEBHOOK_URL of the environment counts.

Exit status:
  0  delivered (with -dry-run: nothing is wrong with the options)
  2  the options are wrong, or a file cannot be read; nothing was sent
  3  later: the receiver cannot take it now, or was not reached
  4  hold:  the URL or its key is wrong, or the receiver is just starting
  5  aside: the receiver refuses this notice
"go run" itself exits with 1 for all but 0 and says "exit status 3" in its last
line. For scripts: go build -C cmd/notify -o /usr/local/bin/signup-notify .

Flags:
`

// optionFlags are the flags that stand for an option of the middleware, with
// the options that exclude it.
var optionFlags = []struct {
	flag, option, usage string
	excludes            []string
}{
	{"url", "webhookURL", "where to send it; WEBHOOK_URL and -url-file stay out of the shell's history", []string{"webhookURLFile"}},
	{"url-file", "webhookURLFile", "a file that holds the URL", []string{"webhookURL"}},
	{"message", "message", "the notice, with placeholders such as {name}", nil},
	{"format", "format", "how the receiver wants it; auto goes by the URL", []string{"body", "contentType"}},
	{"body", "body", "a template of the request's body, instead of a format", []string{"format"}},
	{"content-type", "contentType", "what -body is", nil},
	{"answer-contains", "answerContains", "a text that a 2xx answer must hold", nil},
	{"secret-file", "secretFile", "a file that holds a signing secret", []string{"secret"}},
	{"timeout", "timeout", "how long the try may take", nil},
}

// command is what the flags say.
type command struct {
	config, middleware           string
	name, email, role, id, event string
	headers                      headerFlags
	options                      map[string]string // by flag, those that were given
	dryRun, showBody, showAnswer bool
}

// headerFlags collects "Name: value". It refuses nothing, because package flag
// would repeat the value.
type headerFlags []string

func (h *headerFlags) String() string { return "" }

func (h *headerFlags) Set(line string) error {
	*h = append(*h, line)
	return nil
}

// parseFlags reads the arguments. It gives flag.ErrHelp after -h.
func parseFlags(args []string, stderr io.Writer) (*command, error) {
	c := &command{options: map[string]string{}}
	set := flag.NewFlagSet("notify", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&c.config, "config", "", "a `file` with the options of the middleware")
	set.StringVar(&c.middleware, "middleware", "", "which middleware of -config; without it, the only one that is a plugin")
	set.StringVar(&c.name, "name", "Tim", "who signs up")
	set.StringVar(&c.email, "email", "tim@example.org", "the e-mail address, for {email}")
	set.StringVar(&c.role, "role", "pending", "the role, for {role}")
	set.StringVar(&c.id, "id", "00000000-0000-4000-8000-000000000000", "the account's id, for {id}")
	set.StringVar(&c.event, "event", "signup", "the event, for {event}: one of "+strings.Join(openwebui.Events(), ", "))
	set.Var(&c.headers, "header", "a further header, `\"Name: value\"`; may be repeated")
	set.BoolVar(&c.dryRun, "dry-run", false, "print the request and send nothing")
	set.BoolVar(&c.showBody, "show-body", false, "print the body also where the option body made it, which may hold keys")
	set.BoolVar(&c.showAnswer, "show-answer", false, "print the beginning of the answer's text too, in which a receiver may repeat what it got")
	for _, f := range optionFlags {
		set.String(f.flag, "", f.usage)
	}
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stderr, help)
		set.SetOutput(stderr)
		set.PrintDefaults()
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%s; -h shows them all", explainFlag(set, err.Error()))
	}
	if set.NArg() > 0 {
		return nil, errors.New("there is something behind the flags; a URL goes behind -url, and what holds blanks goes into quotes")
	}
	if c.middleware != "" && c.config == "" {
		return nil, errors.New("-middleware names one of a -config, which is not given")
	}
	set.Visit(func(given *flag.Flag) {
		for _, f := range optionFlags {
			if f.flag == given.Name {
				c.options[f.flag] = given.Value.String()
			}
		}
	})
	for _, name := range []string{"url-file", "secret-file"} {
		if c.options[name] != "" {
			c.options[name] = locate(c.options[name])
		}
	}
	c.config = locate(c.config)
	return c, c.headers.check()
}

// shortName is what may be repeated of a flag that is none. What is longer, or
// holds anything else, may be a value.
var shortName = regexp.MustCompile(`^[a-z-]{1,15}$`)

// explainFlag says what package flag says of an argument, without the value
// that may be in it: a URL that sticks to its flag counts as the flag's name.
func explainFlag(set *flag.FlagSet, text string) string {
	const none = "an argument that begins with a dash is no flag"
	name, isLacking := strings.CutPrefix(text, "flag needs an argument: -")
	if isLacking {
		return "-" + name + " needs a value"
	}
	name, isUnknown := strings.CutPrefix(text, "flag provided but not defined: -")
	explained := none
	if isUnknown && shortName.MatchString(name) {
		explained = "-" + name + " is no flag"
	}
	set.VisitAll(func(known *flag.Flag) {
		if isUnknown && strings.HasPrefix(name, known.Name) {
			explained = "write -" + known.Name + " and its value apart"
		}
		if !isUnknown && strings.Contains(text, " for -"+known.Name+":") {
			explained = "-" + known.Name + " takes no such value"
		}
	})
	return explained
}

func (h *headerFlags) check() error {
	for _, line := range *h {
		name, _, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(name) == "" {
			return errors.New(`-header: write "Name: value"`)
		}
	}
	return nil
}

// locate finds a file that was named where the command was typed: `go run -C`
// changes the folder, and leaves PWD as it was.
func locate(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	_, err := os.Stat(path)
	if err == nil {
		return path
	}
	typed := filepath.Join(os.Getenv("PWD"), path)
	_, err = os.Stat(typed)
	if err != nil {
		return path
	}
	return typed
}
