package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// file is the page in the repository.
const file = "docs/compatibility.md"

// options say what to try, and where to write it.
type options struct {
	plan []with
	all  bool   // the plan is the whole table
	out  string // "" is the page
}

// with is an Open WebUI and the Traefiks before it.
type with struct {
	openWebUI string
	traefiks  []string
}

// parse reads the command line. What is wrong with it, or asked of it, it says.
func parse(args []string, says io.Writer) (options, error) {
	flags := flag.NewFlagSet("compat", flag.ContinueOnError)
	flags.SetOutput(says)

	newest := func(all []string) string { return all[len(all)-1] }
	traefikList := flags.String("traefik", "", "`releases` of Traefik, with commas between them; alone, with Open WebUI "+newest(openWebUIs))
	openWebUIList := flags.String("openwebui", "", "`releases` of Open WebUI, with commas between them; alone, with Traefik "+newest(traefiks))
	out := flags.String("out", "", "a `file` to write instead of "+file+", where the rows of what is tried are replaced")

	if err := flags.Parse(args); err != nil {
		return options{}, err
	}

	refuse := func(err error) (options, error) {
		_, _ = fmt.Fprintln(says, "compat:", err)
		flags.Usage()

		return options{}, err
	}

	if flags.NArg() > 0 {
		return refuse(fmt.Errorf("got: %q, want: options alone", flags.Args()))
	}

	someTraefiks, err1 := releases(*traefikList)
	someOpenWebUIs, err2 := releases(*openWebUIList)

	if err := errors.Join(err1, err2); err != nil {
		return refuse(err)
	}

	return options{
		plan: planOf(someTraefiks, someOpenWebUIs),
		all:  len(someTraefiks) == 0 && len(someOpenWebUIs) == 0,
		out:  *out,
	}, nil
}

var release = regexp.MustCompile(`^\d+\.\d+\.\d+$`)

func releases(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}

	all := strings.Split(list, ",")
	for _, one := range all {
		if !release.MatchString(one) {
			return nil, fmt.Errorf("got: the release %q, want: one like 1.2.3", one)
		}
	}

	return all, nil
}

// planOf is each of these with each of those. Where both lists are empty, it is the
// two edges of the table; where one is, that one is the newest.
func planOf(someTraefiks, someOpenWebUIs []string) []with {
	newestTraefik, newestOpenWebUI := traefiks[len(traefiks)-1:], openWebUIs[len(openWebUIs)-1:]

	edges := len(someTraefiks) == 0 && len(someOpenWebUIs) == 0
	if edges {
		someOpenWebUIs = openWebUIs
	}

	if len(someTraefiks) == 0 {
		someTraefiks = newestTraefik
	}

	if len(someOpenWebUIs) == 0 {
		someOpenWebUIs = newestOpenWebUI
	}

	var plan []with

	for _, one := range someOpenWebUIs {
		plan = append(plan, with{one, someTraefiks})
	}

	if edges {
		plan[len(plan)-1].traefiks = traefiks
	}

	return plan
}

// target is the file to write, and the rows of it that stay unless they are tried.
func (o options) target() (string, []*pair, error) {
	if o.out != "" {
		return o.out, nil, nil
	}

	root, err := tools.Root()
	if err != nil {
		return "", nil, err
	}

	path := filepath.Join(root, filepath.FromSlash(file))

	// Before anything is tried, for that takes minutes.
	if o.all {
		return path, nil, os.MkdirAll(filepath.Dir(path), 0o755)
	}

	text, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}

	before, err := read(string(text))

	return path, before, err
}
